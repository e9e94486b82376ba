using System.Collections.Frozen;
using System.Collections.Immutable;
using Pybo.Rag.Documents.Html.Css;

namespace Pybo.Rag.Documents.Html;

/// <summary>Computes an element's style from its declarations, weakest first.</summary>
/// <param name="parent">The style of the parent element.</param>
/// <param name="steps">The page's step count.</param>
internal sealed class HtmlCascade(HtmlStyle parent, CssSteps steps)
{
    /// <summary>Text further out is invisible: text that is pushed aside is pushed by thousands.</summary>
    private const double FarPixels = 900;

    /// <summary>Measured from the right or from the bottom, this distance is outside at the opposite edge.</summary>
    private const double BeyondPixels = 4_500;

    /// <summary>A box of this size or smaller shows no letter.</summary>
    private const double BoxPixelsMax = 1.5;

    private const double ScaleMin = 0.1;
    private const double ShadowOffsetMax = 40;
    private const int VariableDepthMax = 16;
    private const int VariableTokensMax = 10_000;

    /// <summary>The properties that are read.</summary>
    public static readonly FrozenSet<string> Properties = FrozenSet.Create(
        StringComparer.Ordinal,
        "background", "background-clip", "background-color", "background-image", "bottom", "clip", "clip-path", "color", "color-scheme", "content-visibility", "display", "filter", "font", "font-size",
        "height", "inset", "left", "margin", "margin-left", "margin-top", "max-height", "max-width", "mix-blend-mode", "opacity", "overflow", "overflow-x", "overflow-y", "position", "right",
        "rotate", "scale", "text-indent", "text-shadow", "top", "transform", "translate", "vertical-align", "visibility", "-webkit-background-clip", "-webkit-text-fill-color", "-webkit-text-stroke",
        "-webkit-text-stroke-color", "-webkit-transform", "width", "zoom");

    private static readonly FrozenDictionary<string, double> FontSizes = new Dictionary<string, double>(StringComparer.OrdinalIgnoreCase)
    {
        ["xx-small"] = 9,
        ["x-small"] = 10,
        ["small"] = 13,
        ["medium"] = 16,
        ["large"] = 18,
        ["x-large"] = 24,
        ["xx-large"] = 32,
        ["xxx-large"] = 48,
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    private HtmlStyle style = parent with { IsPositioned = false };
    private string position = "static";
    private bool isClippedX;
    private bool isClippedY;
    private double? width;
    private double? height;
    private bool isFar;
    private bool isClipped;
    private bool isInset;
    private bool showsInText;
    private double opacity = 1;
    private CssColour? background = CssColour.Transparent;
    private List<CssColour>? image = [];

    /// <summary>True if the element has a background of its own.</summary>
    public bool Paints { get; private set; }

    /// <summary>True if the element is placed over others.</summary>
    public bool IsPlaced => position is "absolute" or "fixed";

    /// <summary>1 if the text is raised, -1 if it is lowered, otherwise 0.</summary>
    public int Script { get; private set; }

    /// <summary>True if it asks for the browser's dark colours.</summary>
    public bool IsDark { get; private set; }

    public HtmlStyle Apply(IReadOnlyList<CssDeclaration> declarations)
    {
        // Variables that refer to others are last.
        foreach (var variable in declarations.Where(IsVariable).OrderBy(d => Array.Exists(d.Value, token => token.IsFunction("var"))))
        {
            style = style with { Variables = style.Variables.SetItem(variable.Property, Resolved(variable.Value) ?? []) };
        }

        // The font size defines em for the other properties, and the colour defines currentcolor.
        Apply(declarations, "font-size", "font");
        Apply(declarations, "color", "-webkit-text-fill-color");
        foreach (var declaration in declarations)
        {
            if (declaration.Property is not ("font-size" or "font" or "color" or "-webkit-text-fill-color") && !IsVariable(declaration))
            {
                Apply(declaration);
            }
        }

        return Finished();
    }

    private static bool IsVariable(CssDeclaration declaration) => declaration.Property.StartsWith("--", StringComparison.Ordinal);

    private void Apply(IReadOnlyList<CssDeclaration> declarations, params ReadOnlySpan<string> properties)
    {
        foreach (var declaration in declarations)
        {
            if (properties.Contains(declaration.Property))
            {
                Apply(declaration);
            }
        }
    }

    private void Apply(CssDeclaration declaration)
    {
        steps.Take(declaration.Value.Length);
        if (Resolved(declaration.Value) is not { } tokens)
        {
            tokens = [new(CssTokenKind.Ident, "unset")]; // The variable does not exist.
        }

        var value = CssValue.Trim(tokens);
        if (value.IsEmpty)
        {
            return;
        }

        var word = value.Length == 1 && value[0].Kind == CssTokenKind.Ident ? value[0].Text.ToLowerInvariant() : "";
        switch (declaration.Property)
        {
            case "font-size" or "font":
                Font(value, word, isShorthand: declaration.Property == "font");
                break;
            case "color":
                Colour(value, word);
                break;
            case "-webkit-text-fill-color":
                Fill(value, word);
                break;
            case "background" or "background-color" or "background-image" or "background-clip" or "-webkit-background-clip":
                Background(declaration.Property, value, word);
                break;
            case "display":
                style = style with { IsGone = parent.IsGone || word == "none" };
                break;
            case "content-visibility":
                isClipped |= word == "hidden";
                break;
            case "visibility":
                style = style with { IsHidden = word switch { "hidden" or "collapse" => true, "visible" or "initial" => false, _ => parent.IsHidden } };
                break;
            case "opacity":
                opacity = Ratio(value) ?? (word is "initial" or "unset" ? 1 : opacity);
                break;
            case "filter":
                Filter(value);
                break;
            case "text-shadow" or "-webkit-text-stroke" or "-webkit-text-stroke-color":
                Edges(value, word);
                break;
            case "mix-blend-mode":
                style = word is "difference" or "exclusion" ? style with { Backdrop = null } : style;
                break;
            default:
                Box(declaration.Property, value, word);
                break;
        }
    }

    private void Box(string property, ReadOnlySpan<CssToken> value, string word)
    {
        var lengths = new CssValue(style.FontPixels, CssValue.WindowWidth);
        switch (property)
        {
            case "position":
                position = word;
                break;
            case "vertical-align":
                Script = word switch { "super" => 1, "sub" => -1, _ => 0 };
                break;
            case "color-scheme":
                IsDark = Any(value, t => t.IsIdent("dark")) && !Any(value, t => t.IsIdent("light"));
                break;
            case "overflow":
                var parts = value.ToArray().Where(t => t.Kind == CssTokenKind.Ident).Select(t => t.Text.ToLowerInvariant()).ToList();
                isClippedX = parts is [("hidden" or "clip"), ..];
                isClippedY = parts is [.., ("hidden" or "clip")];
                break;
            case "overflow-x":
                isClippedX = word is "hidden" or "clip";
                break;
            case "overflow-y":
                isClippedY = word is "hidden" or "clip";
                break;
            case "width" or "max-width":
                width = Least(width, lengths.Pixels(value), property == "width", word);
                break;
            case "height" or "max-height":
                height = Least(height, lengths.Pixels(value), property == "height", word);
                break;
            case "left" or "top" or "inset":
                isInset |= lengths.Lengths(value).Exists(IsFar);
                break;
            case "right" or "bottom":
                isInset |= lengths.Lengths(value).Exists(length => length <= -FarPixels || length >= BeyondPixels);
                break;
            case "margin" or "margin-left" or "margin-top":
                isFar |= lengths.Lengths(value).Exists(IsFar);
                break;
            case "text-indent":
                style = style with { IsIndentedAway = lengths.Lengths(value) is [{ } indent, ..] ? Math.Abs(indent) >= FarPixels : parent.IsIndentedAway && word is "inherit" or "unset" };
                break;
            case "zoom":
                style = style with { Zoom = parent.Zoom * (Ratio(value) is { } zoom and > 0 ? zoom : 1) };
                break;
            case "clip":
                isClipped |= Clip(value);
                break;
            case "clip-path":
                isClipped = ClipPath(value);
                break;
            case "transform" or "-webkit-transform" or "scale" or "translate" or "rotate":
                Transform(property, value);
                break;
        }
    }

    /// <summary>Only to the left and above: to the right and below, a person can scroll to the text, as in a document laid out page under page.</summary>
    private static bool IsFar(double? length) => length <= -FarPixels;

    /// <summary>Combines a size and the maximum size: the smaller one counts; a later value replaces one of its own kind.</summary>
    private static double? Least(double? before, double? length, bool isSize, string word) =>
        length is { } pixels ? (isSize || before is null ? pixels : Math.Min(pixels, before.Value)) : word.Length > 0 && isSize ? null : before;

    private void Font(ReadOnlySpan<CssToken> value, string word, bool isShorthand)
    {
        if (word is "inherit" or "unset" or "initial" or "medium")
        {
            style = style with { FontPixels = word is "inherit" or "unset" ? parent.FontPixels : CssValue.RootFontPixels };
            return;
        }

        var lengths = new CssValue(parent.FontPixels, parent.FontPixels);
        var at = 0;
        for (; isShorthand && at < value.Length && !IsSize(value[at]); at++)
        {
        }

        if (at >= value.Length)
        {
            return;
        }

        if (value[at].Kind == CssTokenKind.Ident)
        {
            style = FontSizes.TryGetValue(value[at].Text, out var named) ? style with { FontPixels = named }
                : value[at].IsIdent("smaller") ? style with { FontPixels = parent.FontPixels / 1.2 }
                : value[at].IsIdent("larger") ? style with { FontPixels = parent.FontPixels * 1.2 }
                : style;
        }
        else if (lengths.Lengths(value[at..]) is [{ } pixels and >= 0, ..])
        {
            style = style with { FontPixels = pixels };
        }
    }

    /// <summary>Within <c>font</c> a bare number is a weight, unless it is the zero of a size.</summary>
    private static bool IsSize(CssToken token) => token.Kind is CssTokenKind.Dimension or CssTokenKind.Percentage or CssTokenKind.Function
        || (token.Kind == CssTokenKind.Number && token.Number == 0)
        || (token.Kind == CssTokenKind.Ident && (FontSizes.ContainsKey(token.Text) || token.IsIdent("smaller") || token.IsIdent("larger")));

    private void Colour(ReadOnlySpan<CssToken> value, string word)
    {
        if (word is "inherit" or "unset" or "revert" or "currentcolor")
        {
            style = style with { Colour = parent.Colour };
        }
        else if (word == "initial")
        {
            style = style with { Colour = CssColour.Black };
        }
        else if (One(value, parent.Colour, out var colour))
        {
            style = style with { Colour = colour };
        }
    }

    private void Fill(ReadOnlySpan<CssToken> value, string word)
    {
        if (word is "initial" or "currentcolor")
        {
            style = style with { Fill = null };
        }
        else if (One(value, style.Colour, out var colour))
        {
            style = style with { Fill = colour };
        }
    }

    /// <summary>Returns true if the value is one colour and nothing else.</summary>
    private static bool One(ReadOnlySpan<CssToken> value, CssColour? current, out CssColour? colour)
    {
        var at = 0;
        return CssColours.TryRead(value, ref at, current, out colour) && at == value.Length;
    }

    private void Background(string property, ReadOnlySpan<CssToken> value, string word)
    {
        if (property.EndsWith("clip", StringComparison.Ordinal))
        {
            showsInText = Any(value, t => t.IsIdent("text"));
            return;
        }

        var isReset = word is "initial" or "unset" or "inherit" or "revert" or "none";
        if (property == "background-color")
        {
            if (isReset || One(value, style.Colour, out background))
            {
                background = isReset ? CssColour.Transparent : background;
            }

            return;
        }

        var hasPicture = Any(value, t => t.Kind == CssTokenKind.Url || t.IsFunction("url") || t.IsFunction("image-set") || t.IsFunction("-webkit-image-set") || t.IsFunction("cross-fade") || t.IsFunction("element") || t.IsFunction("paint"));
        var hasGradient = Any(value, t => t.Kind == CssTokenKind.Function && t.Text.EndsWith("gradient", StringComparison.OrdinalIgnoreCase));
        var colours = CssColours.All(value, style.Colour);
        image = hasPicture ? null : hasGradient ? colours : [];
        if (property == "background")
        {
            showsInText = Any(value, t => t.IsIdent("text"));
            background = isReset || hasGradient || colours is [] ? CssColour.Transparent : colours is [.., var last] ? last : null;
        }
    }

    private static bool Any(ReadOnlySpan<CssToken> value, Func<CssToken, bool> holds)
    {
        foreach (var token in value)
        {
            if (holds(token))
            {
                return true;
            }
        }

        return false;
    }

    private static double? Ratio(ReadOnlySpan<CssToken> value) => new CssValue(CssValue.RootFontPixels, 1).Pixels(value);

    private void Filter(ReadOnlySpan<CssToken> value)
    {
        for (var at = 0; at < value.Length; at++)
        {
            if (value[at].IsFunction("opacity"))
            {
                opacity *= Ratio(value[(at + 1)..Math.Min(CssValue.End(value, at), value.Length)]) ?? 1;
            }
        }
    }

    private void Edges(ReadOnlySpan<CssToken> value, string word)
    {
        if (word is "none" or "initial" or "unset" || CssColours.All(value, style.Colour) is not { } colours)
        {
            style = style with { Edges = [] };
            return;
        }

        // A shadow that falls far away shows nothing here.
        var isNear = new CssValue(style.FontPixels, 0).Lengths(value).TrueForAll(length => length is null || Math.Abs(length.Value) <= ShadowOffsetMax);
        style = style with { Edges = isNear ? [.. colours.Count > 0 ? colours : style.Colour is { } own ? [own] : []] : [] };
    }

    /// <summary>Recognises <c>rect(0 0 0 0)</c> and other areas smaller than a letter; <c>auto</c> is an edge of the box.</summary>
    private static bool Clip(ReadOnlySpan<CssToken> value)
    {
        if (value is not [var rect, ..] || !rect.IsFunction("rect"))
        {
            return false;
        }

        var edges = new CssValue(CssValue.RootFontPixels, 0).Lengths(value[1..Math.Min(CssValue.End(value, 0), value.Length)]);
        return edges is [var top, var right, var bottom, var left]
            && ((bottom - top ?? double.MaxValue) <= BoxPixelsMax || (right - left ?? double.MaxValue) <= BoxPixelsMax);
    }

    private static bool ClipPath(ReadOnlySpan<CssToken> value)
    {
        if (value is not [{ Kind: CssTokenKind.Function } shape, ..])
        {
            return false;
        }

        // In hundredths of the box.
        var lengths = new CssValue(CssValue.RootFontPixels, 100).Lengths(value[1..Math.Min(CssValue.End(value, 0), value.Length)]);
        return shape.Text.ToLowerInvariant() switch
        {
            "inset" => lengths switch
            {
                [{ } all] => all >= 50,
                [{ } vertical, { } horizontal] => vertical >= 50 || horizontal >= 50,
                [{ } top, { } horizontal, { } bottom] => top + bottom >= 100 || horizontal >= 50,
                [{ } top, { } right, { } bottom, { } left, ..] => top + bottom >= 100 || left + right >= 100,
                _ => false,
            },
            "circle" or "ellipse" => lengths is [{ } radius, ..] && radius < 1,
            "polygon" => IsLine(lengths),
            _ => false,
        };
    }

    private static bool IsLine(List<double?> lengths)
    {
        var points = lengths.OfType<double>().ToList();
        return points.Count >= 2 && (Spread(0) < 1 || Spread(1) < 1);

        double Spread(int axis)
        {
            var along = points.Where((_, index) => index % 2 == axis).ToList();
            return along.Max() - along.Min();
        }
    }

    private void Transform(string property, ReadOnlySpan<CssToken> value)
    {
        if (property is "scale" or "translate" or "rotate")
        {
            Transform(property, new CssValue(style.FontPixels, property == "scale" ? 1 : CssValue.WindowWidth).Lengths(value));
            return;
        }

        for (var at = 0; at < value.Length; at++)
        {
            if (value[at].Kind == CssTokenKind.Function)
            {
                var end = Math.Min(CssValue.End(value, at), value.Length);
                Transform(value[at].Text.ToLowerInvariant(), new CssValue(style.FontPixels, CssValue.WindowWidth).Lengths(value[(at + 1)..end]));
                at = end;
            }
        }
    }

    private void Transform(string function, List<double?> arguments)
    {
        isFar |= function.StartsWith("translate", StringComparison.Ordinal) && arguments.Exists(IsFar);
        isClipped |= (function, arguments) switch
        {
            ("scale" or "scale3d", _) => arguments.Take(2).Any(IsSmall),
            ("scalex" or "scaley", [var one]) => IsSmall(one),
            ("matrix", [var a, var b, var c, var d, ..]) => Math.Abs((a * d) - (b * c) ?? 1) < ScaleMin * ScaleMin,
            _ => false,
        };
        isFar |= (function, arguments) is ("matrix", [_, _, _, _, var x, var y]) && (IsFar(x) || IsFar(y));

        static bool IsSmall(double? scale) => scale is { } factor && Math.Abs(factor) < ScaleMin;
    }

    private HtmlStyle Finished()
    {
        var isBoxEmpty = (isClippedX && width <= BoxPixelsMax) || (isClippedY && height <= BoxPixelsMax);
        var total = parent.Opacity * Math.Clamp(opacity, 0, 1);
        var own = Own();
        Paints = own is not [];
        style = style with
        {
            IsGone = style.IsGone || isBoxEmpty || isFar || isClipped || (isInset && position is not ("static" or "")),
            IsPositioned = IsPlaced || position is "relative" or "sticky",
            Opacity = total,
        };
        if (showsInText)
        {
            return own is null ? style with { Backdrop = null } : own is [] ? style : style with { Ink = own };
        }

        return own is [] ? style : style with { Backdrop = Below(own, total) };
    }

    private ImmutableArray<CssColour>? Below(ImmutableArray<CssColour>? own, double total) => own is not { } colours ? null
        : style.Backdrop is { } below ? [.. Painted(colours, below, total)]
        : colours.All(colour => colour.Alpha * total >= 1) ? own
        : null;

    /// <summary>Returns the colours of the element's own background (none, one, or a gradient's); null if they are unknown.</summary>
    private ImmutableArray<CssColour>? Own()
    {
        if (image is null || background is not { } plain)
        {
            return null;
        }

        return image.Count > 0 ? [.. image.Select(colour => plain.Alpha > 0 ? colour.Over(plain) with { Alpha = Math.Max(colour.Alpha, plain.Alpha) } : colour)]
            : plain.Alpha > 0 ? [plain]
            : [];
    }

    private static IEnumerable<CssColour> Painted(ImmutableArray<CssColour> colours, ImmutableArray<CssColour> below, double opacity)
    {
        const int colourMax = 16;
        return colours.Take(colourMax).SelectMany(colour => below.Select(under => colour.Over(under, opacity))).Distinct().Take(colourMax * colourMax);
    }

    /// <summary>Returns the value with its variables substituted; null if one does not exist.</summary>
    private CssToken[]? Resolved(CssToken[] value)
    {
        if (!Array.Exists(value, token => token.IsFunction("var")))
        {
            return value;
        }

        var result = new List<CssToken>();
        return Resolve(value, result, 0) ? [.. result] : null;
    }

    private bool Resolve(ReadOnlySpan<CssToken> value, List<CssToken> result, int depth)
    {
        for (var at = 0; at < value.Length; at++)
        {
            if (!value[at].IsFunction("var"))
            {
                result.Add(value[at]);
                continue;
            }

            var end = Math.Min(CssValue.End(value, at), value.Length);
            var inside = CssValue.Trim(value[(at + 1)..end]);
            at = end;
            if (inside.IsEmpty || depth > VariableDepthMax || result.Count > VariableTokensMax)
            {
                return false;
            }

            steps.Take(inside.Length);
            if (style.Variables.TryGetValue(inside[0].Text, out var known) && known.Length > 0)
            {
                steps.Take(known.Length);
                result.AddRange(known);
                continue;
            }

            var comma = CssValue.SkipSpace(inside, 1);
            if (comma >= inside.Length || !inside[comma].Is(",") || !Resolve(inside[(comma + 1)..], result, depth + 1))
            {
                return false;
            }
        }

        return result.Count <= VariableTokensMax;
    }
}
