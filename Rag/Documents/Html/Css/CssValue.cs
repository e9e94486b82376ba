namespace Pybo.Rag.Documents.Html.Css;

/// <summary>Converts a value's lengths and numbers to pixels, for a laptop-sized window.</summary>
/// <param name="FontPixels">The length of one <c>em</c>.</param>
/// <param name="HundredPercent">The length that percentages refer to.</param>
internal readonly record struct CssValue(double FontPixels, double HundredPercent)
{
    public const double RootFontPixels = 16;
    public const double WindowWidth = 1_280;
    public const double WindowHeight = 800;

    private const int DepthMax = 16;

    /// <summary>Returns the index of the token that closes the one at <paramref name="at"/>; the length if it is unclosed.</summary>
    public static int End(ReadOnlySpan<CssToken> tokens, int at)
    {
        var open = new Stack<string>();
        for (; at < tokens.Length; at++)
        {
            if (tokens[at].Opens)
            {
                open.Push(tokens[at].Closer);
            }
            else if (tokens[at].Is(open.Peek()))
            {
                open.Pop();
                if (open.Count == 0)
                {
                    return at;
                }
            }
        }

        return tokens.Length;
    }

    public static int SkipSpace(ReadOnlySpan<CssToken> tokens, int at)
    {
        while (at < tokens.Length && tokens[at].Kind == CssTokenKind.WhiteSpace)
        {
            at++;
        }

        return at;
    }

    /// <summary>Returns the value without white space at its ends.</summary>
    public static ReadOnlySpan<CssToken> Trim(ReadOnlySpan<CssToken> value)
    {
        value = value[SkipSpace(value, 0)..];
        while (value is [.., { Kind: CssTokenKind.WhiteSpace }])
        {
            value = value[..^1];
        }

        return value;
    }

    /// <summary>Returns a number, a length or a calculation of them; null for anything else.</summary>
    public double? Pixels(ReadOnlySpan<CssToken> value)
    {
        value = Trim(value);
        var at = 0;
        return Term(value, ref at, 0) is { } pixels && at == value.Length ? pixels : null;
    }

    /// <summary>Returns the lengths of a value in order, such as those of <c>margin</c> or of a function; null for anything that is not a length.</summary>
    public List<double?> Lengths(ReadOnlySpan<CssToken> value)
    {
        var lengths = new List<double?>();
        for (var at = SkipSpace(value, 0); at < value.Length; at = SkipSpace(value, at))
        {
            if (value[at].Is(",") || value[at].Is("/"))
            {
                at++;
                continue;
            }

            var start = at;
            var length = Term(value, ref at, 0);
            lengths.Add(length);
            at = length is null ? Math.Max(start + 1, value[start].Opens ? End(value, start) + 1 : 0) : at;
        }

        return lengths;
    }

    private double? Term(ReadOnlySpan<CssToken> value, ref int at, int depth)
    {
        if (at >= value.Length || depth > DepthMax)
        {
            return null;
        }

        var token = value[at];
        var name = token.Kind == CssTokenKind.Function ? token.Text.ToLowerInvariant() : token.Is("(") ? "calc" : "";
        if (name is "calc" or "min" or "max" or "clamp")
        {
            var end = End(value, at);
            var inside = value[(at + 1)..Math.Min(end, value.Length)];
            if (Function(name, inside, depth + 1) is not { } result)
            {
                return null;
            }

            at = Math.Min(end + 1, value.Length);
            return result;
        }

        if (Plain(token) is not { } plain)
        {
            return null;
        }

        at++;
        return plain;
    }

    private double? Plain(CssToken token) => token.Kind switch
    {
        CssTokenKind.Number => token.Number,
        CssTokenKind.Percentage => token.Number * HundredPercent / 100,
        CssTokenKind.Dimension => token.Number * token.Text switch
        {
            "px" => 1,
            "pt" => 96.0 / 72,
            "pc" => 16,
            "in" => 96,
            "cm" => 96 / 2.54,
            "mm" => 9.6 / 2.54,
            "q" => 2.4 / 2.54,
            "em" => FontPixels,
            "ex" or "ch" => FontPixels / 2,
            "ic" or "lh" => FontPixels,
            "rem" or "rlh" => RootFontPixels,
            "vw" or "svw" or "lvw" or "dvw" or "vi" => WindowWidth / 100,
            "vh" or "svh" or "lvh" or "dvh" or "vb" => WindowHeight / 100,
            "vmin" => WindowHeight / 100,
            "vmax" => WindowWidth / 100,
            _ => (double?)null,
        },
        _ => null,
    };

    private double? Function(string name, ReadOnlySpan<CssToken> inside, int depth)
    {
        double? result = null;
        var index = 0;
        for (var from = 0; from <= inside.Length; index++)
        {
            var to = Comma(inside, from);
            var at = 0;
            if (Sum(inside[from..to], ref at, depth) is not { } part)
            {
                return null;
            }

            result = (name, index) switch
            {
                (_, 0) => part,
                ("min", _) or ("clamp", 2) => Math.Min(result!.Value, part),
                _ => Math.Max(result!.Value, part),
            };
            from = to + 1;
        }

        return result;
    }

    private static int Comma(ReadOnlySpan<CssToken> value, int from)
    {
        for (var at = from; at < value.Length; at++)
        {
            if (value[at].Is(","))
            {
                return at;
            }

            at = value[at].Opens ? End(value, at) : at;
        }

        return value.Length;
    }

    private double? Sum(ReadOnlySpan<CssToken> value, ref int at, int depth)
    {
        var sum = Product(value, ref at, depth);
        for (at = SkipSpace(value, at); sum is not null && at < value.Length && (value[at].Is("+") || value[at].Is("-")); at = SkipSpace(value, at))
        {
            var sign = value[at++].Is("+") ? 1 : -1;
            sum += sign * Product(value, ref at, depth);
        }

        return at < value.Length ? null : sum;
    }

    private double? Product(ReadOnlySpan<CssToken> value, ref int at, int depth)
    {
        at = SkipSpace(value, at);
        var product = Term(value, ref at, depth);
        for (at = SkipSpace(value, at); product is not null && at < value.Length && (value[at].Is("*") || value[at].Is("/")); at = SkipSpace(value, at))
        {
            var isDivision = value[at++].Is("/");
            at = SkipSpace(value, at);
            var factor = Term(value, ref at, depth);
            product = isDivision ? product / factor : product * factor;
        }

        return product;
    }
}
