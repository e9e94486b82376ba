using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace Pybo.Data;

/// <summary>Unicode's tables of the letters allowed in names and of their lookalikes: <c>letters.txt</c>, embedded in the assembly.</summary>
internal static class LetterTable
{
    private const string ResourceName = "Pybo.Data.letters.txt";
    private static readonly Lazy<Tables> Loaded = new(Read);

    /// <summary>Returns the script of a letter; null if it is no letter or is not recommended for names (UTS 39's general profile).</summary>
    public static string? ScriptOf(Rune rune)
    {
        var ranges = Loaded.Value.Scripts;
        var (low, high) = (0, ranges.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var (first, last, script) = ranges[middle];
            if (rune.Value < first)
            {
                high = middle - 1;
            }
            else if (rune.Value > last)
            {
                low = middle + 1;
            }
            else
            {
                return script;
            }
        }

        return null;
    }

    /// <summary>Returns the character's lookalike from UTS 39's table; null if it has none.</summary>
    public static string? PrototypeOf(Rune rune) => Loaded.Value.Prototypes.GetValueOrDefault(rune.Value);

    private static Tables Read()
    {
        using var stream = typeof(LetterTable).Assembly.GetManifestResourceStream(ResourceName)
            ?? throw new InvalidOperationException($"The assembly carries no {ResourceName}.");
        using var reader = new StreamReader(stream);
        List<(int First, int Last, string Script)> scripts = [];
        Dictionary<int, string> prototypes = [];
        string? script = null;
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith('#') || line.StartsWith('['))
            {
                continue;
            }

            foreach (var word in line.Split(' '))
            {
                if (word.Split('=') is [var from, var to])
                {
                    prototypes.Add(Hex(from), string.Concat(to.Split('+').Select(c => char.ConvertFromUtf32(Hex(c)))));
                }
                else if (word.EndsWith(':'))
                {
                    script = word[..^1];
                }
                else
                {
                    var ends = word.Split('-');
                    scripts.Add((Hex(ends[0]), Hex(ends[^1]), script!));
                }
            }
        }

        return new([.. scripts.OrderBy(s => s.First)], prototypes.ToFrozenDictionary());
    }

    private static int Hex(string digits) => int.Parse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    private sealed record Tables((int First, int Last, string Script)[] Scripts, FrozenDictionary<int, string> Prototypes);
}
