namespace Pybo.Rag.Documents.Html.Css;

/// <summary>Decides whether a rule applies to a laptop's screen, in light mode, with a mouse.</summary>
internal static class CssMedia
{
    private const int DepthMax = 8;

    /// <param name="query">The text between <c>@media</c> and its block.</param>
    public static bool Applies(ReadOnlySpan<CssToken> query)
    {
        query = CssValue.Trim(query);
        if (query.IsEmpty)
        {
            return true;
        }

        for (var from = 0; from < query.Length;)
        {
            var to = from;
            while (to < query.Length && !query[to].Is(","))
            {
                to = query[to].Opens ? CssValue.End(query, to) + 1 : to + 1;
            }

            to = Math.Min(to, query.Length);
            if (Condition(query[from..to], 0))
            {
                return true;
            }

            from = to + 1;
        }

        return false;
    }

    /// <summary><c>@supports</c>: a current browser supports every feature, so only a negated condition fails.</summary>
    public static bool Supports(ReadOnlySpan<CssToken> condition) => CssValue.Trim(condition) is not [{ } first, ..] || !first.IsIdent("not");

    private static bool Condition(ReadOnlySpan<CssToken> tokens, int depth)
    {
        if (depth > DepthMax)
        {
            return false;
        }

        bool? result = null;
        var (isNot, isOr) = (false, false);
        for (var at = 0; at < tokens.Length; at++)
        {
            var token = tokens[at];
            if (token.Kind == CssTokenKind.WhiteSpace || token.IsIdent("only") || token.IsIdent("and"))
            {
                continue;
            }

            if (token.IsIdent("not") || token.IsIdent("or"))
            {
                isNot |= token.IsIdent("not");
                isOr |= token.IsIdent("or");
                continue;
            }

            var end = token.Opens ? Math.Min(CssValue.End(tokens, at), tokens.Length) : at;
            var holds = token.Opens ? Group(tokens[(at + 1)..end], depth + 1) : token.IsIdent("screen") || token.IsIdent("all");
            result = result is not { } before ? holds : isOr ? before || holds : before && holds;
            at = end;
        }

        return (result ?? false) != isNot;
    }

    private static bool Group(ReadOnlySpan<CssToken> inside, int depth)
    {
        inside = CssValue.Trim(inside);
        if (inside is [{ Opens: true }, ..] || (inside is [var first, ..] && first.IsIdent("not")))
        {
            return Condition(inside, depth);
        }

        var colon = Index(inside, ":");
        return colon > 0 ? Feature(inside[0].Text.ToLowerInvariant(), CssValue.Trim(inside[(colon + 1)..])) : Range(inside);
    }

    private static int Index(ReadOnlySpan<CssToken> tokens, string sign)
    {
        for (var at = 0; at < tokens.Length; at++)
        {
            if (tokens[at].Is(sign))
            {
                return at;
            }
        }

        return -1;
    }

    private static bool Feature(string name, ReadOnlySpan<CssToken> value)
    {
        var isMin = name.StartsWith("min-", StringComparison.Ordinal);
        var isMax = name.StartsWith("max-", StringComparison.Ordinal);
        var pixels = new CssValue(CssValue.RootFontPixels, 0).Pixels(value);
        if (Own(isMin || isMax ? name[4..] : name) is { } own)
        {
            return pixels is { } asked && (isMin ? own >= asked : isMax ? own <= asked : own == asked);
        }

        return value is [var word] && name switch
        {
            "orientation" => word.IsIdent("landscape"),
            "prefers-color-scheme" => word.IsIdent("light"),
            "prefers-reduced-motion" or "prefers-contrast" or "prefers-reduced-data" => word.IsIdent("no-preference"),
            "hover" or "any-hover" => word.IsIdent("hover"),
            "pointer" or "any-pointer" => word.IsIdent("fine"),
            "scripting" => word.IsIdent("enabled"),
            "display-mode" => word.IsIdent("browser"),
            "forced-colors" or "inverted-colors" => word.IsIdent("none"),
            _ => false,
        };
    }

    /// <summary><c>width &gt;= 600px</c>, <c>400px &lt;= width &lt; 700px</c>, or a feature name alone.</summary>
    private static bool Range(ReadOnlySpan<CssToken> inside)
    {
        List<double?> operands = [];
        List<string> relations = [];
        for (var at = 0; at < inside.Length; at++)
        {
            var token = inside[at];
            if (token.Is("<") || token.Is(">") || token.Is("="))
            {
                var isEqual = at + 1 < inside.Length && inside[at + 1].Is("=");
                relations.Add(token.Text + (isEqual ? "=" : ""));
                at += isEqual ? 1 : 0;
            }
            else if (token.Kind != CssTokenKind.WhiteSpace)
            {
                operands.Add(token.Kind == CssTokenKind.Ident ? Own(token.Text.ToLowerInvariant()) : new CssValue(CssValue.RootFontPixels, 0).Pixels(inside[at..(at + 1)]));
            }
        }

        if (relations.Count == 0)
        {
            return inside is [var feature] && (feature.IsIdent("hover") || feature.IsIdent("color") || feature.IsIdent("width") || feature.IsIdent("height"));
        }

        return operands.Count == relations.Count + 1 && Enumerable.Range(0, relations.Count).All(i => (operands[i], operands[i + 1]) is ({ } left, { } right) && relations[i] switch
        {
            "<" => left < right,
            "<=" => left <= right,
            ">" => left > right,
            ">=" => left >= right,
            _ => left == right,
        });
    }

    private static double? Own(string feature) => feature switch
    {
        "width" or "device-width" => CssValue.WindowWidth,
        "height" or "device-height" => CssValue.WindowHeight,
        _ => null,
    };
}
