using System.Collections.Frozen;

namespace Pybo.Rag.Documents.Html.Css;

/// <summary>Reads colours from values.</summary>
internal static class CssColours
{
    /// <summary>The depth of nested colours (<c>color-mix</c>).</summary>
    private const int DepthMax = 8;

    private static readonly FrozenSet<string> Functions = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase, "rgb", "rgba", "hsl", "hsla", "hwb", "lab", "lch", "oklab", "oklch", "color", "color-mix", "light-dark");

    /// <summary>Reads the colour that begins at a token, and moves past it. Returns false if there is none.</summary>
    /// <param name="current">The value of <c>currentcolor</c>; null if it is unknown.</param>
    /// <param name="colour">Null if it cannot be computed.</param>
    public static bool TryRead(ReadOnlySpan<CssToken> value, ref int at, CssColour? current, out CssColour? colour, int depth = 0)
    {
        colour = null;
        if (at >= value.Length || depth > DepthMax)
        {
            return false;
        }

        var token = value[at];
        switch (token.Kind)
        {
            case CssTokenKind.Hash when CssColour.Hexadecimal(token.Text) is { } digits:
                (colour, at) = (digits, at + 1);
                return true;
            case CssTokenKind.Ident when token.IsIdent("currentcolor"):
                (colour, at) = (current, at + 1);
                return true;
            case CssTokenKind.Ident when CssColour.Named(token.Text) is { } named:
                (colour, at) = (named, at + 1);
                return true;
            case CssTokenKind.Function when Functions.Contains(token.Text):
                var end = CssValue.End(value, at);
                var arguments = value[(at + 1)..Math.Min(end, value.Length)];
                colour = Function(token.Text.ToLowerInvariant(), arguments, current, depth);
                at = Math.Min(end + 1, value.Length);
                return true;
            default:
                return false;
        }
    }

    /// <summary>Returns all colours in a value, such as those of a gradient; null if one of them is unknown.</summary>
    public static List<CssColour>? All(ReadOnlySpan<CssToken> value, CssColour? current)
    {
        var colours = new List<CssColour>();
        for (var at = 0; at < value.Length;)
        {
            if (!TryRead(value, ref at, current, out var colour))
            {
                at++;
            }
            else if (colour is { } known)
            {
                colours.Add(known);
            }
            else
            {
                return null;
            }
        }

        return colours;
    }

    private static CssColour? Function(string name, ReadOnlySpan<CssToken> arguments, CssColour? current, int depth)
    {
        if (name == "color-mix")
        {
            return Mixed(arguments, current, depth);
        }

        var at = CssValue.SkipSpace(arguments, 0);
        return name != "light-dark" ? Of(name, arguments)
            : TryRead(arguments, ref at, current, out var light, depth + 1) ? light
            : null;
    }

    /// <summary>Returns null if the components are not plain numbers, such as those of a colour made from another.</summary>
    private static CssColour? Of(string name, ReadOnlySpan<CssToken> arguments)
    {
        var at = CssValue.SkipSpace(arguments, 0);
        if (name == "color")
        {
            if (at >= arguments.Length || arguments[at].Kind != CssTokenKind.Ident)
            {
                return null;
            }

            name = arguments[at++].Text.ToLowerInvariant();
        }

        Span<double> parts = [0, 0, 0, 1];
        var count = 0;
        for (; at < arguments.Length; at++)
        {
            var token = arguments[at];
            if (token.Kind == CssTokenKind.WhiteSpace || token.Is(",") || token.Is("/"))
            {
                continue;
            }

            if (count == parts.Length || Component(name, count, token) is not { } part)
            {
                return null;
            }

            parts[count++] = part;
        }

        return count < 3 ? null : Of(name, parts[0], parts[1], parts[2], Math.Clamp(parts[3], 0, 1));
    }

    private static CssColour? Of(string name, double first, double second, double third, double alpha) => name switch
    {
        "rgb" or "rgba" => new(Math.Clamp(first, 0, 255), Math.Clamp(second, 0, 255), Math.Clamp(third, 0, 255), alpha),
        "hsl" or "hsla" => CssColour.Hsl(first, Math.Clamp(second / 100, 0, 1), Math.Clamp(third / 100, 0, 1), alpha),
        "hwb" => CssColour.Hwb(first, Math.Clamp(second / 100, 0, 1), Math.Clamp(third / 100, 0, 1), alpha),
        "lab" => CssColour.Lab(first, second, third, alpha),
        "lch" => CssColour.Lab(first, second * Math.Cos(third * Math.PI / 180), second * Math.Sin(third * Math.PI / 180), alpha),
        "oklab" => CssColour.Oklab(first, second, third, alpha),
        "oklch" => CssColour.Oklab(first, second * Math.Cos(third * Math.PI / 180), second * Math.Sin(third * Math.PI / 180), alpha),
        "srgb" or "display-p3" => new(255 * Math.Clamp(first, 0, 1), 255 * Math.Clamp(second, 0, 1), 255 * Math.Clamp(third, 0, 1), alpha),
        "srgb-linear" => CssColour.Linear(first, second, third, alpha),
        _ => null,
    };

    /// <summary>Returns a component in its function's unit: a percentage is a share of the maximum.</summary>
    private static double? Component(string name, int index, CssToken token)
    {
        if (token.IsIdent("none"))
        {
            return 0;
        }

        if (token.Kind == CssTokenKind.Percentage)
        {
            return index == 3 ? token.Number / 100 : token.Number * Largest(name, index) / 100;
        }

        return token.Kind switch
        {
            CssTokenKind.Number => token.Number,
            CssTokenKind.Dimension => token.Text switch
            {
                "deg" => token.Number,
                "grad" => token.Number * 0.9,
                "rad" => token.Number * 180 / Math.PI,
                "turn" => token.Number * 360,
                _ => null,
            },
            _ => null,
        };
    }

    private static double Largest(string name, int index) => name switch
    {
        "rgb" or "rgba" => 255,
        "lab" => index == 0 ? 100 : 125,
        "lch" => index == 0 ? 100 : 150,
        "oklab" or "oklch" => index == 0 ? 1 : 0.4,
        "hsl" or "hsla" or "hwb" => 100,
        _ => 1,
    };

    /// <summary>Mixes halves, or the first one's percentage. It always mixes in sRGB: two equal colours mix to themselves in every space.</summary>
    private static CssColour? Mixed(ReadOnlySpan<CssToken> arguments, CssColour? current, int depth)
    {
        Span<CssColour> colours = [default, default];
        var count = 0;
        double? share = null;
        for (var at = 0; at < arguments.Length;)
        {
            if (TryRead(arguments, ref at, current, out var colour, depth + 1))
            {
                if (colour is not { } known || count == 2)
                {
                    return null;
                }

                colours[count++] = known;
                continue;
            }

            if (arguments[at].Kind == CssTokenKind.Percentage)
            {
                share ??= count < 2 ? arguments[at].Number / 100 : 1 - (arguments[at].Number / 100);
            }

            at++;
        }

        if (count < 2)
        {
            return null;
        }

        var first = Math.Clamp(share ?? 0.5, 0, 1);
        var (a, b) = (colours[0], colours[1]);
        return new(Of(a.Red, b.Red), Of(a.Green, b.Green), Of(a.Blue, b.Blue), Of(a.Alpha, b.Alpha));

        double Of(double one, double other) => (one * first) + (other * (1 - first));
    }
}
