using System.Collections.Immutable;
using Pybo.Rag.Documents.Html.Css;

namespace Pybo.Rag.Documents.Html;

/// <summary>What is known of how an element's text is painted. Immutable; a child begins with its parent's.</summary>
internal sealed record HtmlStyle
{
    /// <summary>A letter of fewer pixels is a dot.</summary>
    private const double FontPixelsMin = 2.5;

    /// <summary>Black of this opacity on white is what <see cref="CssColour.IsNear"/> takes for white.</summary>
    private const double OpacityMin = 0.06;

    /// <summary>A white page with black text.</summary>
    public static readonly HtmlStyle Page = new();

    /// <summary>A page that asks for a dark canvas and nothing else.</summary>
    public static readonly HtmlStyle DarkPage = new() { Colour = CssColour.White, Backdrop = [new(18, 18, 18)] };

    /// <summary>The element and all it holds is not shown, whatever that says.</summary>
    public bool IsGone { get; init; }

    /// <summary><c>visibility</c>: what it holds can be visible again.</summary>
    public bool IsHidden { get; init; }

    /// <summary>Of the text; null where it cannot be told.</summary>
    public CssColour? Colour { get; init; } = CssColour.Black;

    /// <summary><c>-webkit-text-fill-color</c>, which is painted in its place; the text is painted with <see cref="Colour"/> where it is null.</summary>
    public CssColour? Fill { get; init; }

    /// <summary>What the text lies on: the colours of a gradient, or one; null where it cannot be told.</summary>
    public ImmutableArray<CssColour>? Backdrop { get; init; } = [CssColour.White];

    /// <summary>The colours of a background that shows in the shape of the text (<c>background-clip: text</c>); null where none does.</summary>
    public ImmutableArray<CssColour>? Ink { get; init; }

    /// <summary>Of the colours of shadows and outlines of letters, which show them on their own.</summary>
    public ImmutableArray<CssColour> Edges { get; init; } = [];

    public double Opacity { get; init; } = 1;
    public double FontPixels { get; init; } = CssValue.RootFontPixels;

    /// <summary>How many times as large as they say lengths are painted.</summary>
    public double Zoom { get; init; } = 1;

    /// <summary>The first line begins so far outside that it is not seen.</summary>
    public bool IsIndentedAway { get; init; }

    /// <summary>It is placed for itself, or others within it by it.</summary>
    public bool IsPositioned { get; init; }

    public ImmutableDictionary<string, CssToken[]> Variables { get; init; } = ImmutableDictionary<string, CssToken[]>.Empty;

    /// <summary>A person does not see the words of this element, though others within it may be seen.</summary>
    public bool IsUnseen => IsGone || IsHidden || IsIndentedAway || Opacity < OpacityMin || FontPixels * Zoom < FontPixelsMin || IsLost;

    /// <summary>A picture has no text colour.</summary>
    public bool IsPictureUnseen => IsGone || IsHidden || Opacity < OpacityMin;

    private bool IsLost => (Fill ?? Colour) is { } text && !Shows(text) && (Ink is not { } ink || !ink.Any(Shows)) && !Edges.Any(Shows);

    private bool Shows(CssColour colour) => colour.Alpha * Opacity >= OpacityMin && (Backdrop is not { } backdrop || backdrop.Any(below => !colour.Over(below, Opacity).IsNear(below)));
}
