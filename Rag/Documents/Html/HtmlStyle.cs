using System.Collections.Immutable;
using Pybo.Rag.Documents.Html.Css;

namespace Pybo.Rag.Documents.Html;

/// <summary>How an element's text is painted, as far as it is known. Immutable; a child begins with its parent's.</summary>
internal sealed record HtmlStyle
{
    /// <summary>A smaller letter is a dot.</summary>
    private const double FontPixelsMin = 2.5;

    /// <summary>Black of this opacity on white counts as white for <see cref="CssColour.IsNear"/>.</summary>
    private const double OpacityMin = 0.06;

    /// <summary>A white page with black text.</summary>
    public static readonly HtmlStyle Page = new();

    /// <summary>A page that asks for a dark canvas and nothing else.</summary>
    public static readonly HtmlStyle DarkPage = new() { Colour = CssColour.White, Backdrop = [new(18, 18, 18)] };

    /// <summary>The element and everything in it is hidden, regardless of inner styles.</summary>
    public bool IsGone { get; init; }

    /// <summary><c>visibility</c>: inner elements can be visible again.</summary>
    public bool IsHidden { get; init; }

    /// <summary>The text colour; null if it is unknown.</summary>
    public CssColour? Colour { get; init; } = CssColour.Black;

    /// <summary><c>-webkit-text-fill-color</c>, which replaces the text colour; if null, the text is painted with <see cref="Colour"/>.</summary>
    public CssColour? Fill { get; init; }

    /// <summary>The background of the text: one colour, or those of a gradient; null if it is unknown.</summary>
    public ImmutableArray<CssColour>? Backdrop { get; init; } = [CssColour.White];

    /// <summary>The colours of a background that shows in the shape of the text (<c>background-clip: text</c>); null if there is none.</summary>
    public ImmutableArray<CssColour>? Ink { get; init; }

    /// <summary>The colours of letters' shadows and outlines, which make them visible on their own.</summary>
    public ImmutableArray<CssColour> Edges { get; init; } = [];

    public double Opacity { get; init; } = 1;
    public double FontPixels { get; init; } = CssValue.RootFontPixels;

    /// <summary>The factor by which lengths are scaled.</summary>
    public double Zoom { get; init; } = 1;

    /// <summary>The first line begins so far outside that it is invisible.</summary>
    public bool IsIndentedAway { get; init; }

    /// <summary>The element is positioned, or is the reference for positioned ones within it.</summary>
    public bool IsPositioned { get; init; }

    public ImmutableDictionary<string, CssToken[]> Variables { get; init; } = ImmutableDictionary<string, CssToken[]>.Empty;

    /// <summary>The words of this element are invisible, though inner elements may be visible.</summary>
    public bool IsUnseen => IsGone || IsHidden || IsIndentedAway || Opacity < OpacityMin || FontPixels * Zoom < FontPixelsMin || IsLost;

    /// <summary>A picture has no text colour.</summary>
    public bool IsPictureUnseen => IsGone || IsHidden || Opacity < OpacityMin;

    /// <summary>Returns the style of a panel once a reader has opened it: its colours stay as they are.</summary>
    public HtmlStyle Unfolded(HtmlStyle around) => this with { IsGone = false, IsHidden = around.IsHidden, Opacity = around.Opacity, IsIndentedAway = around.IsIndentedAway };

    private bool IsLost => (Fill ?? Colour) is { } text && !Shows(text) && (Ink is not { } ink || !ink.Any(Shows)) && !Edges.Any(Shows);

    private bool Shows(CssColour colour) => colour.Alpha * Opacity >= OpacityMin && (Backdrop is not { } backdrop || backdrop.Any(below => !colour.Over(below, Opacity).IsNear(below)));
}
