using System.Globalization;

namespace Pybo.Rag.Documents.Html.Css;

/// <summary>Reads a list of selectors.</summary>
/// <param name="parents">The selectors of the enclosing rule, which <c>&amp;</c> refers to; null outside of a rule.</param>
internal sealed class CssSelectorReader(IReadOnlyList<CssSelector>? parents)
{
    private const int DepthMax = 8;
    private const int CompoundsMax = 64;
    private const int IdWeight = 1_000_000;
    private const int ClassWeight = 1_000;

    /// <summary>Returns the selectors between commas; empty if one of them is broken, since that invalidates the whole list.</summary>
    public IReadOnlyList<CssSelector> List(ReadOnlySpan<CssToken> tokens, int depth = 0)
    {
        var selectors = new List<CssSelector>();
        for (var from = 0; from <= tokens.Length;)
        {
            var to = from;
            while (to < tokens.Length && !tokens[to].Is(","))
            {
                to = tokens[to].Opens ? CssValue.End(tokens, to) + 1 : to + 1;
            }

            to = Math.Min(to, tokens.Length);
            if (Selector(CssValue.Trim(tokens[from..to]), depth) is not { } selector)
            {
                return [];
            }

            selectors.Add(selector);
            from = to + 1;
        }

        return selectors;
    }

    private CssSelector? Selector(ReadOnlySpan<CssToken> tokens, int depth)
    {
        if (tokens.IsEmpty || depth > DepthMax)
        {
            return null;
        }

        List<CssCompound> compounds = [];
        List<char> combinators = [];
        var specificity = 0;
        var namesParent = false;
        var at = 0;
        if (parents is not null && depth == 0 && Combinator(tokens, ref at) is { } leading and not ' ')
        {
            specificity += AddParent(compounds);
            combinators.Add(leading);
            namesParent = true;
        }

        while (at < tokens.Length)
        {
            if (compounds.Count >= CompoundsMax || Compound(tokens, ref at, depth, ref specificity, ref namesParent) is not { } compound)
            {
                return null;
            }

            compounds.Add(compound);
            if (at < tokens.Length)
            {
                if (Combinator(tokens, ref at) is not { } combinator || at >= tokens.Length)
                {
                    return null;
                }

                combinators.Add(combinator);
            }
        }

        if (parents is not null && depth == 0 && !namesParent)
        {
            specificity += AddParent(compounds, first: true);
            combinators.Insert(0, ' ');
        }

        if (combinators.Contains('~'))
        {
            compounds[^1].IsNever = true; // Only the previous sibling is kept.
        }

        compounds.Reverse();
        combinators.Reverse();
        return new(compounds, combinators, specificity);
    }

    private int AddParent(List<CssCompound> compounds, bool first = false)
    {
        var parent = new CssCompound();
        parent.Any.Add(parents!);
        compounds.Insert(first ? 0 : compounds.Count, parent);
        return Weight(parents!);
    }

    private static int Weight(IReadOnlyList<CssSelector> list) => list.Count == 0 ? 0 : list.Max(selector => selector.Specificity);

    /// <summary>Reads a combinator with its surrounding spaces; null if there is none here.</summary>
    private static char? Combinator(ReadOnlySpan<CssToken> tokens, ref int at)
    {
        var start = at;
        at = CssValue.SkipSpace(tokens, at);
        if (at < tokens.Length && (tokens[at].Is(">") || tokens[at].Is("+") || tokens[at].Is("~")))
        {
            var sign = tokens[at].Text[0];
            at = CssValue.SkipSpace(tokens, at + 1);
            return sign;
        }

        return at > start ? ' ' : null;
    }

    private CssCompound? Compound(ReadOnlySpan<CssToken> tokens, ref int at, int depth, ref int specificity, ref bool namesParent)
    {
        var compound = new CssCompound();
        var start = at;
        for (; at < tokens.Length; at++)
        {
            var token = tokens[at];
            if (token.Kind == CssTokenKind.WhiteSpace || token.Is(">") || token.Is("+") || token.Is("~"))
            {
                break;
            }

            if (token.Kind == CssTokenKind.Ident && at == start)
            {
                compound.Name = token.Text;
                specificity++;
            }
            else if (token.Is("&"))
            {
                namesParent = true;
                compound.Any.Add(parents ?? []);
                specificity += Weight(parents ?? []);
            }
            else if (token.Kind == CssTokenKind.Hash)
            {
                compound.IsNever |= compound.Id is not null && compound.Id != token.Text;
                compound.Id = token.Text;
                specificity += IdWeight;
            }
            else if (token.Is(".") && at + 1 < tokens.Length && tokens[at + 1].Kind == CssTokenKind.Ident)
            {
                compound.Classes.Add(tokens[++at].Text);
                specificity += ClassWeight;
            }
            else if (token.Is("["))
            {
                var end = CssValue.End(tokens, at);
                compound.Attributes.Add(Attribute(tokens[(at + 1)..Math.Min(end, tokens.Length)]));
                specificity += ClassWeight;
                at = end;
            }
            else if (token.Is(":"))
            {
                if (!Pseudo(compound, tokens, ref at, depth, ref specificity))
                {
                    return null;
                }
            }
            else if (!token.Is("*"))
            {
                return null;
            }
        }

        at = Math.Min(at, tokens.Length);
        return at == start ? null : compound;
    }

    private static CssAttribute Attribute(ReadOnlySpan<CssToken> inside)
    {
        inside = CssValue.Trim(inside);
        var name = inside is [{ Kind: CssTokenKind.Ident, Text: var text }, ..] ? text.ToLowerInvariant() : "";
        var at = CssValue.SkipSpace(inside, Math.Min(1, inside.Length));
        if (at >= inside.Length)
        {
            return new(name, "", "");
        }

        var relation = inside[at].Text;
        at += relation == "=" ? 1 : 2;
        at = CssValue.SkipSpace(inside, Math.Min(at, inside.Length));
        return new(name, relation, at < inside.Length ? inside[at].Text : "");
    }

    /// <summary>Reads a pseudo-class at its colon; moves past its name and its arguments, except their last token.</summary>
    private bool Pseudo(CssCompound compound, ReadOnlySpan<CssToken> tokens, ref int at, int depth, ref int specificity)
    {
        at++;
        if (at < tokens.Length && tokens[at].Is(":"))
        {
            // A pseudo-element, such as the first line, is not an element.
            compound.IsNever = true;
            at++;
        }

        if (at >= tokens.Length || tokens[at].Kind is not (CssTokenKind.Ident or CssTokenKind.Function))
        {
            return false;
        }

        var name = tokens[at].Text.ToLowerInvariant();
        if (tokens[at].Kind == CssTokenKind.Ident)
        {
            specificity += ClassWeight;
            Plain(compound, name);
            return true;
        }

        var end = CssValue.End(tokens, at);
        Function(compound, name, tokens[(at + 1)..Math.Min(end, tokens.Length)], depth, ref specificity);
        at = end;
        return true;
    }

    private static void Plain(CssCompound compound, string name)
    {
        switch (name)
        {
            case "root":
                compound.IsRoot = true;
                break;
            case "first-child":
                compound.Places.Add((0, 1));
                break;
            case "link" or "any-link":
                compound.Attributes.Add(new("href", "", ""));
                break;
            case "enabled" or "read-only" or "defined":
                break;
            default:
                compound.IsNever = true;
                break;
        }
    }

    private void Function(CssCompound compound, string name, ReadOnlySpan<CssToken> inside, int depth, ref int specificity)
    {
        switch (name)
        {
            case "is" or "where" or "matches" or "-webkit-any" or "-moz-any":
                var any = List(inside, depth + 1);
                compound.Any.Add(any);
                specificity += name == "where" ? 0 : Weight(any);
                break;
            case "not":
                var none = List(inside, depth + 1);
                compound.None.AddRange(none);
                specificity += Weight(none);
                break;
            case "nth-child" when Place(inside) is { } place:
                compound.Places.Add(place);
                specificity += ClassWeight;
                break;
            default:
                compound.IsNever = true;
                break;
        }
    }

    /// <summary>Reads <c>odd</c>, <c>even</c>, <c>3</c>, <c>2n+1</c>; null for anything else.</summary>
    private static (int Step, int Offset)? Place(ReadOnlySpan<CssToken> inside)
    {
        var text = "";
        foreach (var token in inside)
        {
            text += token.Kind switch
            {
                CssTokenKind.WhiteSpace => "",
                CssTokenKind.Number => token.Number.ToString("+0;-0", CultureInfo.InvariantCulture),
                CssTokenKind.Dimension => token.Number.ToString("+0;-0", CultureInfo.InvariantCulture) + token.Text,
                _ => token.Text.ToLowerInvariant(),
            };
        }

        if (text is "odd" or "even")
        {
            return (2, text == "odd" ? 1 : 0);
        }

        var n = text.IndexOf('n', StringComparison.Ordinal);
        var (step, offset) = n < 0 ? ("0", text) : (text[..n] is "" or "+" or "-" ? text[..n] + "1" : text[..n], text[(n + 1)..] is { Length: > 0 } rest ? rest : "0");
        return int.TryParse(step, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var a) && int.TryParse(offset, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var b) ? (a, b) : null;
    }
}
