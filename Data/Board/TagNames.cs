using System.Text;

namespace Pybo.Data;

/// <summary>The fault of a list of tags.</summary>
public enum TagFault
{
    None,
    TooMany,
    TooLong,
    WrongCharacter,
}

/// <summary>Tags as typed in one field.</summary>
/// <param name="Names">Normalised, each once, in order; not all of them if there is a fault.</param>
/// <param name="Fault">The first fault.</param>
/// <param name="Faulty">The tag with the fault, as typed; empty without one.</param>
public sealed record TypedTags(IReadOnlyList<string> Names, TagFault Fault = TagFault.None, string Faulty = "");

/// <summary>
/// Reads and normalises the names of tags: lower case, NFC, letters and digits of any script with <c>- + # .</c>, at most <see cref="Tag.NameMax"/> long. A leading
/// <c>#</c>, as in a hash tag, is left out.
/// </summary>
public static class TagNames
{
    /// <summary>The most tags of a question.</summary>
    public const int PerQuestionMax = 5;

    /// <summary>The longest text of the field: names with separators, and room to type too much.</summary>
    public const int TextMax = 400;

    private const string Signs = "-+#.";

    /// <summary>Letters that show nothing: the Hangul fillers.</summary>
    private const string Invisible = "\u115F\u1160\u3164\uFFA0";

    private static readonly char[] Separators = [',', '，', '、', ';', ' ', '\u3000', '\t', '\r', '\n'];

    /// <summary>Reads the tags of a question, separated by commas or spaces.</summary>
    public static TypedTags Read(string? text)
    {
        List<string> names = [];
        foreach (var typed in (text ?? "").Cut(TextMax).Split(Separators, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var (name, fault) = Check(typed);
            fault = fault == TagFault.None && !names.Contains(name) && names.Count == PerQuestionMax ? TagFault.TooMany : fault;
            if (fault != TagFault.None)
            {
                return new(names, fault, typed);
            }

            if (!names.Contains(name))
            {
                names.Add(name);
            }
        }

        return new(names);
    }

    /// <summary>Returns names as <see cref="Read"/> takes them.</summary>
    public static string Joined(IEnumerable<string> names) => string.Join(", ", names);

    /// <summary>Returns a name in its normal form; null if it is none.</summary>
    public static string? Of(string? typed) => Check((typed ?? "").Trim()) is (var name, TagFault.None) ? name : null;

    /// <summary>Returns what was typed of a name in its normal form, to search for it.</summary>
    public static string Typed(string? text) => Normal((text ?? "").Trim().Cut(Tag.NameMax));

    private static (string Name, TagFault Fault) Check(string typed)
    {
        // Composed letters are at most three times as long.
        var name = typed.Length > 3 * Tag.NameMax ? typed : Normal(typed);
        var fault = name.Length > Tag.NameMax ? TagFault.TooLong
            : name.Any(char.IsLetterOrDigit) && name.EnumerateRunes().All(IsAllowed) ? TagFault.None : TagFault.WrongCharacter;
        return (name, fault);
    }

    private static string Normal(string typed) => typed.TrimStart('#').Normalized(NormalizationForm.FormC).ToLowerInvariant();

    private static bool IsAllowed(Rune rune) => (Rune.IsLetterOrDigit(rune) && !(rune.IsBmp && Invisible.Contains((char)rune.Value)))
        || (rune.IsAscii && Signs.Contains((char)rune.Value));
}
