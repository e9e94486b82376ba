using System.Text;

namespace Pybo.Benchmarks;

/// <summary>A text built to be expensive for a parser of Markdown, and the way it was built.</summary>
public sealed record HostileText(string Kind, string Text)
{
    public override string ToString() => Kind;
}

/// <summary>
/// Texts of nested, repeated and mixed constructs of Markdown: opened and never closed, closed and never opened, opened as often as possible
/// and then closed, defined once and used everywhere, and lines that continue everything that is open.
/// </summary>
public static class HostileMarkdown
{
    private const int PiecesMax = 4;
    private const int PartsMax = 4;

    /// <summary>The beginnings, ends and contents of every construct.</summary>
    public static IReadOnlyList<string> Pieces { get; } =
    [
        "a", "가", " ", "\n", "\n\n", "\t", "    ", "  \n", "\\", "\\\n", "\r\n", "\u00A0", "\u200B", "👩‍👩‍👧",
        "|", "||", "|a", "|\n", "-|-\n", "a|b\n-|-\n", "a|b\n", "\n|", "\\|", ":-:|",
        "*", "**", "***", "*a", "a*", "**a ", " a**", "_", "__", "_a", "a_ ", "*_", "~", "~~", "~~a", "+", "++", "=", "==", "^", "^a^", "*a_ ", "**a|b*",
        "`", "``", "`a", "`a`", "\\`", "` ", "```\n", "~~~\n", "```a b\n",
        "[", "]", "[a", "a]", "![", "[]", "![]", "](", "][", "[a](", "[a](b", "[a](<b", "[a](b \"", "[a](b '", "[a](b (", "[a](b)", "![a](b)", "[a][", "[a]", "[a][b]", "[^1]", "[[a]]", "[a|b](c)", "[^1]: a\n", "\n[^2]: [^1]\n", "[^2]",
        "(", ")", "<", ">", "[a]:", "[a]: b\n", "[a]: <b\n", "[a]: b \"\n", "\n[a]: /b 'c'\n", "[a\\]", "\n[b]: /u\n",
        "> ", ">", ">\n", "\n> ", "> > ", "- ", "-\n", "\n- ", "- - ", "* ", "+ ", "1. ", "1) ", "\n1. ", "- 1. > ", "  - a\n", "- [ ] ", "- [x] a\n", "    a\n",
        "#", "# ", "# a\n", "###### \n", "a\n=\n", "a\n-\n", "=\n", "-", "---\n", "- - -\n", "***\n", "_ ",
        "<a", "<a ", "<a>", "</a>", "<a href=\"", "<!--", "-->", "<?", "<!A", "<![CDATA[", "<div>\n", "<script>\n", "<http:", "<http://a>", "<a@b.c>", "<a:",
        "&", "&amp;", "&#", "&#1", "&#x41;", "&a", "&nbsp;", "*&",
        "http://", " http://", "(http://", "http://a.b ", " www.", " www.a.b", "*http://a.b", "mailto:", " mailto:a@b.c", " tel:1", "ftp://", "https://a.b/(", "h", "w", "t", " http://a_",
        "\"", "'", "!", ":", "{", "}", "$", "$$", "$a$", "$$a ", "\n$$\n", "::: \n", "{.a}", "\u0001", "\uD800",
    ];

    /// <summary>The number of texts of <see cref="Pair"/>.</summary>
    public static int PairsCount => 2 * Pieces.Count * Pieces.Count;

    /// <summary>Every pair of pieces, alternating, or half a text of each; a piece with itself as often as it fits, or in rising runs.</summary>
    public static HostileText Pair(int number, int characters)
    {
        var (first, second) = (Pieces[number / 2 / Pieces.Count], Pieces[number / 2 % Pieces.Count]);
        return (first == second, number % 2 == 0) switch
        {
            (true, true) => Repeated(characters, first),
            (true, false) => new($"{Quoted(first)}, in rising runs", Rising(characters, first)),
            (false, true) => Repeated(characters, first + second),
            (false, false) => Halves(characters, first, second),
        };
    }

    /// <summary>Texts known to have been expensive, here or in other parsers.</summary>
    public static IEnumerable<HostileText> Known(int characters)
    {
        yield return new("one definition of 15,000 characters, used everywhere", $"[a]: /{new string('b', characters / 2)}\n\n" + Fill(characters / 2 - 4, "[a]"));
        yield return new("a definition of 600 characters, used everywhere", $"[a]: /{new string('가', 600)}\n\n" + Fill(characters - 700, "[a]"));
        yield return new("a definition with a title of 5,000 quotation marks", $"[a]: b '{new string('"', 5_000)}'\n\n" + Fill(characters - 5_020, "[a]"));
        yield return new("a wide table of narrow rows", "a|b\n-|-\n" + new string('|', characters / 2) + "\n" + Fill(characters / 2 - 10, "|\n"));
        yield return new("a table of empty cells", "a|b\n-|-\n" + Fill(characters - 10, new string('|', 100) + "\n"));
        yield return new("emphasis across the cells of a table", "a|b\n-|-\n" + Fill(characters - 10, "**a|b*"));
        yield return new("emphasis across the cells of rows", "a|b\n-|-\n" + Fill(characters - 10, "**a|b*\n"));
        yield return new("backticks, asterisks and bars", Fill(characters / 3, "*a") + Fill(characters / 3, "\\``") + Fill(characters / 3, "\n|"));
        yield return new("lists in lists and blank lines", Fill(400, "- ") + "a" + new string('\n', characters - 401));
        yield return new("quotes and lazy lines", Fill(100, "> ") + "[a" + Fill(characters - 110, "\n=="));
        yield return new("rows of backticks, each longer", Rising(characters, "`"));
        yield return new("brackets, closed", new string('[', characters / 2) + new string(']', characters / 2));
        yield return new("brackets with addresses, closed", new string('[', characters / 4) + Fill(characters * 3 / 4, "](b)"));
        yield return new("pictures in pictures", Fill(characters / 3, "![") + Fill(characters * 2 / 3, "](b)"));
        yield return new("emphasis, closed", Fill(characters / 2, "*a **a ") + Fill(characters / 2, "b** b* "));
        yield return new("definitions", string.Concat(Enumerable.Range(0, characters / 12).Select(n => $"[a{n:00000}]: b\n")));
        yield return new("footnotes", string.Concat(Enumerable.Range(0, characters / 13).Select(n => $"[^{n:00000}]: b\n")) + Fill(100, "[^00000]"));
        yield return new("footnotes apart that name each other", string.Concat(Enumerable.Range(0, characters / 24).Select(n => $"[^{n:00000}]: b[^{n + 1:00000}]\n\n")));
        yield return new("definitions apart", string.Concat(Enumerable.Range(0, characters / 13).Select(n => $"[a{n:00000}]: b\n\n")));
        yield return new("items, each deeper", string.Concat(Enumerable.Range(0, 240).Select(n => new string(' ', n) + "- a\n")));
        yield return new("addresses before open brackets", Fill(characters / 4, "[*a") + Fill(characters * 3 / 4, " http://a.b"));
    }

    /// <summary>A random text: a few parts, each of which repeats a few pieces, some of them on lines of their own.</summary>
    public static HostileText Random(Random random, int characters)
    {
        var parts = Enumerable.Range(0, random.Next(1, PartsMax + 1)).Select(_ => Part.Random(random)).ToList();
        return Make(parts, characters);
    }

    /// <summary>Searches for the worst text by changing bad ones: it keeps higher scores.</summary>
    /// <param name="random">The random source.</param>
    /// <param name="characters">The length of each text.</param>
    /// <param name="score">The cost of a text.</param>
    /// <param name="tries">The number of texts to try.</param>
    public static HostileText Climb(Random random, int characters, Func<HostileText, double> score, int tries)
    {
        var best = Enumerable.Range(0, random.Next(1, PartsMax + 1)).Select(_ => Part.Random(random)).ToList();
        var bestScore = score(Make(best, characters));
        for (var tried = 1; tried < tries; tried++)
        {
            var next = Change(best, random);
            var nextScore = score(Make(next, characters));
            if (nextScore > bestScore)
            {
                (best, bestScore) = (next, nextScore);
            }
        }

        return Make(best, characters);
    }

    private static List<Part> Change(List<Part> parts, Random random)
    {
        var changed = parts.ToList();
        var at = random.Next(changed.Count);
        switch (random.Next(5))
        {
            case 0 when changed.Count < PartsMax:
                changed.Insert(at, Part.Random(random));
                break;
            case 1 when changed.Count > 1:
                changed.RemoveAt(at);
                break;
            case 2:
                changed[at] = changed[at] with { Weight = random.Next(1, 20) };
                break;
            case 3:
                changed[at] = changed[at] with { IsLine = !changed[at].IsLine };
                break;
            default:
                var pieces = changed[at].Pieces.ToArray();
                pieces[random.Next(pieces.Length)] = Pieces[random.Next(Pieces.Count)];
                changed[at] = changed[at] with { Pieces = pieces };
                break;
        }

        return changed;
    }

    private static HostileText Make(List<Part> parts, int characters)
    {
        var weight = parts.Sum(p => p.Weight);
        var text = string.Concat(parts.Select(p => Fill(Math.Max(1, characters * p.Weight / weight), p.Unit)));
        return new(string.Join(" then ", parts.Select(p => $"{Quoted(p.Unit)} × {characters * p.Weight / weight / p.Unit.Length}")), text);
    }

    private static HostileText Repeated(int characters, string unit) => new($"{Quoted(unit)} × {characters / unit.Length}", Fill(characters, unit));

    private static HostileText Halves(int characters, string first, string second) =>
        new($"{Quoted(first)} × {characters / 2 / first.Length} then {Quoted(second)} × {characters / 2 / second.Length}", Fill(characters / 2, first) + Fill(characters / 2, second));

    /// <summary>Runs of a piece, each longer than the previous one.</summary>
    private static string Rising(int characters, string piece)
    {
        var text = new StringBuilder();
        for (var times = 1; text.Length + (times * piece.Length) < characters; times++)
        {
            text.Insert(text.Length, piece, times).Append(" a ");
        }

        return text.ToString();
    }

    private static string Fill(int characters, string unit) => new StringBuilder().Insert(0, unit, characters / unit.Length).ToString();

    private static string Quoted(string text) =>
        $"\"{text.Replace("\r", "\\r", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal).Replace("\t", "\\t", StringComparison.Ordinal)}\"";

    private sealed record Part(string[] Pieces, int Weight, bool IsLine)
    {
        public string Unit => string.Concat(Pieces) + (IsLine ? "\n" : "");

        public static Part Random(Random random) => new(
            [.. Enumerable.Range(0, random.Next(1, PiecesMax + 1)).Select(_ => HostileMarkdown.Pieces[random.Next(HostileMarkdown.Pieces.Count)])],
            random.Next(1, 20),
            random.Next(4) == 0);
    }
}
