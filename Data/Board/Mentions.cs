using System.Text;

namespace Pybo.Data;

/// <summary>Finds the members whom a text names: <c>@name</c>, also with a particle or a title of courtesy (<c>@name님이</c>), but not in code.</summary>
internal static class Mentions
{
    /// <summary>The names looked for in one text; later ones are not told.</summary>
    public const int PerTextMax = 10;

    private const string Fence = "```";

    /// <summary>Returns, for each place that may name a member, the names that it may mean in the form that accounts are compared by, the longest first.</summary>
    public static IReadOnlyList<IReadOnlyList<string>> In(string text)
    {
        var found = new List<IReadOnlyList<string>>();
        var isFenced = false;
        foreach (var line in text.Split('\n'))
        {
            if (line.TrimStart().StartsWith(Fence, StringComparison.Ordinal))
            {
                isFenced = !isFenced;
            }
            else if (!isFenced)
            {
                found.AddRange(InLine(line));
            }

            if (found.Count >= PerTextMax)
            {
                break;
            }
        }

        return [.. found.Take(PerTextMax)];
    }

    private static IEnumerable<IReadOnlyList<string>> InLine(string line)
    {
        var isCode = false;
        for (var at = 0; at < line.Length; at++)
        {
            if (line[at] == '`')
            {
                isCode = !isCode;
            }
            else if (line[at] == '@' && !isCode && (at == 0 || !IsNamePart(line[at - 1])))
            {
                var end = at + 1;
                while (end < line.Length && IsNamePart(line[end]) && end - at <= 2 * User.UserNameMax)
                {
                    end++;
                }

                if (NamesOf(line[(at + 1)..end]) is { Count: > 0 } names)
                {
                    yield return names;
                }
            }
        }
    }

    private static List<string> NamesOf(string word)
    {
        var names = new List<string>();
        for (var length = Math.Min(word.Length, User.UserNameMax); length >= User.UserNameMin; length--)
        {
            var rest = word[length..].TrimEnd('.', '-', '_');
            if (rest.Length == 0 || KoreanParticles.MayFollowName(rest))
            {
                names.Add(word[..length].Normalized(NormalizationForm.FormC).ToUpperInvariant());
            }
        }

        return names;
    }

    private static bool IsNamePart(char c) => char.IsLetterOrDigit(c) || c is '_' or '-' or '.';
}
