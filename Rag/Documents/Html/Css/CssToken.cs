namespace Pybo.Rag.Documents.Html.Css;

internal enum CssTokenKind
{
    Ident,

    /// <summary>A name and its opening parenthesis.</summary>
    Function,
    AtKeyword,
    Hash,
    String,

    /// <summary><c>url(</c> without quotation marks, up to its end.</summary>
    Url,
    Number,
    Percentage,
    Dimension,
    WhiteSpace,

    /// <summary>A single character: punctuation and brackets.</summary>
    Sign,
}

/// <summary>A token of CSS, with its escapes resolved.</summary>
/// <param name="Text">A name, a string's content, a dimension's unit, a single character.</param>
internal readonly record struct CssToken(CssTokenKind Kind, string Text, double Number = 0)
{
    public bool Is(string sign) => Kind == CssTokenKind.Sign && Text == sign;

    public bool IsIdent(string name) => Kind == CssTokenKind.Ident && Text.Equals(name, StringComparison.OrdinalIgnoreCase);

    public bool IsFunction(string name) => Kind == CssTokenKind.Function && Text.Equals(name, StringComparison.OrdinalIgnoreCase);

    public bool Opens => Kind == CssTokenKind.Function || (Kind == CssTokenKind.Sign && Text is "(" or "[" or "{");

    /// <summary>The token text that closes this one.</summary>
    public string Closer => Kind == CssTokenKind.Function || Text == "(" ? ")" : Text == "[" ? "]" : "}";
}
