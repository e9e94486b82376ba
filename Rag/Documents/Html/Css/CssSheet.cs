using System.Collections.Frozen;
using Pybo.Data;

namespace Pybo.Rag.Documents.Html.Css;

/// <summary>A declaration that affects whether text is visible.</summary>
internal sealed record CssDeclaration(string Property, CssToken[] Value, bool IsImportant);

/// <summary>A selector with its declarations.</summary>
/// <param name="IsLayered">True in a cascade layer, which yields to rules outside of any layer.</param>
/// <param name="Order">Its position in the page.</param>
internal sealed record CssRule(CssSelector Selector, IReadOnlyList<CssDeclaration> Declarations, bool IsLayered, int Order);

/// <summary>The rules of a page's style sheets for a screen, indexed by the first condition on their subject. Nothing is loaded, so external sheets are missing.</summary>
internal sealed class CssSheet
{
    /// <summary>The limit for all sheets of a page; a large framework's has 100,000.</summary>
    public const int TokensMax = 2_000_000;

    /// <summary>The depth of nested blocks.</summary>
    private const int DepthMax = 16;

    /// <summary>No person wrote a longer value: a picture within an address is one token.</summary>
    private const int ValueTokensMax = 10_000;

    private static readonly FrozenSet<string> Groups = FrozenSet.Create(StringComparer.OrdinalIgnoreCase, "media", "supports", "layer", "starting-style");

    private readonly Dictionary<string, List<CssRule>> byId = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, List<CssRule>> byClass = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, List<CssRule>> byName = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<CssRule> others = [];
    private int order;
    private int tokenCount;

    public bool IsEmpty => order == 0;

    /// <param name="css">The content of a <c>style</c> element.</param>
    /// <exception cref="DocumentUnreadableException">The style sheets are too long.</exception>
    public void Add(ReadOnlySpan<char> css)
    {
        var tokens = CssTokenizer.Read(css, TokensMax - tokenCount).ToArray();
        tokenCount += tokens.Length;
        Rules(tokens, Closers(tokens), 0, tokens.Length, parents: null, isLayered: false, depth: 0);
    }

    /// <summary>Returns the declarations of a <c>style</c> attribute.</summary>
    public static IReadOnlyList<CssDeclaration> Inline(ReadOnlySpan<char> css)
    {
        var tokens = CssTokenizer.Read(css, TokensMax).ToArray();
        var closers = Closers(tokens);
        var declarations = new List<CssDeclaration>();
        for (var at = 0; at < tokens.Length;)
        {
            var end = at;
            while (end < tokens.Length && !tokens[end].Is(";"))
            {
                end = tokens[end].Opens ? closers[end] + 1 : end + 1;
            }

            end = Math.Min(end, tokens.Length);
            Declare(tokens.AsSpan(at..end), declarations);
            at = end + 1;
        }

        return declarations;
    }

    /// <summary>Finds the rules that apply to an element, in no order.</summary>
    public void Find(HtmlNode node, CssSteps steps, List<CssRule> found)
    {
        Find(others, node, steps, found);
        if (byName.TryGetValue(node.Name, out var named))
        {
            Find(named, node, steps, found);
        }

        if (node.Id is { } id && byId.TryGetValue(id, out var known))
        {
            Find(known, node, steps, found);
        }

        for (var at = 0; at < node.Classes.Count; at++)
        {
            steps.Take();
            if (byClass.TryGetValue(node.Classes[at], out var classed))
            {
                Find(classed, node, steps, found);
            }
        }
    }

    private static void Find(List<CssRule> rules, HtmlNode node, CssSteps steps, List<CssRule> found)
    {
        foreach (var rule in rules)
        {
            if (rule.Selector.Matches(node, steps))
            {
                found.Add(rule);
            }
        }
    }

    /// <summary>Returns, for each token, the index of the one that closes it; the count of tokens if none does.</summary>
    private static int[] Closers(CssToken[] tokens)
    {
        var closers = new int[tokens.Length];
        var open = new Stack<int>();
        for (var at = 0; at < tokens.Length; at++)
        {
            if (tokens[at].Opens)
            {
                closers[at] = tokens.Length;
                open.Push(at);
            }
            else if (open.TryPeek(out var opener) && tokens[at].Is(tokens[opener].Closer))
            {
                closers[open.Pop()] = at;
            }
        }

        return closers;
    }

    private void Rules(CssToken[] tokens, int[] closers, int from, int to, IReadOnlyList<CssSelector>? parents, bool isLayered, int depth)
    {
        var own = new List<CssDeclaration>();
        for (var at = from; at < to;)
        {
            if (tokens[at].Kind == CssTokenKind.WhiteSpace || tokens[at].Is(";"))
            {
                at++;
                continue;
            }

            var end = at;
            var isVariable = parents is not null && tokens[at].Kind == CssTokenKind.Ident && tokens[at].Text.StartsWith("--", StringComparison.Ordinal);
            while (end < to && !(tokens[end].Is("{") && !isVariable) && !(tokens[end].Is(";") && (parents is not null || tokens[at].Kind == CssTokenKind.AtKeyword)))
            {
                end = tokens[end].Opens ? closers[end] + 1 : end + 1;
            }

            end = Math.Min(end, to);
            if (end < to && tokens[end].Is("{"))
            {
                var close = Math.Min(closers[end], to);
                Block(tokens, closers, at..end, (end + 1)..close, parents, isLayered, depth, own);
                at = close + 1;
                continue;
            }

            if (parents is not null)
            {
                Declare(tokens.AsSpan(at..end), own);
            }

            at = end + 1;
        }

        if (parents is not null && own.Count > 0)
        {
            foreach (var selector in parents)
            {
                Keep(new(selector, own, isLayered, order++));
            }
        }
    }

    private void Block(
        CssToken[] tokens, int[] closers, Range prelude, Range block, IReadOnlyList<CssSelector>? parents, bool isLayered, int depth, List<CssDeclaration> own)
    {
        var before = tokens.AsSpan(prelude);
        if (depth > DepthMax)
        {
            throw new DocumentUnreadableException(Notice.Of(ReadingProblem.CssDeep));
        }

        if (before is [{ Kind: CssTokenKind.AtKeyword, Text: var name }, .. var condition])
        {
            var applies = name.ToLowerInvariant() switch
            {
                "media" => CssMedia.Applies(condition),
                "supports" => CssMedia.Supports(condition),
                _ => Groups.Contains(name),
            };
            if (applies)
            {
                Rules(tokens, closers, block.Start.Value, block.End.Value, parents, isLayered || name.Equals("layer", StringComparison.OrdinalIgnoreCase), depth + 1);
            }

            return;
        }

        // Declarations before a nested block precede it in order.
        if (own.Count > 0 && parents is not null)
        {
            foreach (var selector in parents)
            {
                Keep(new(selector, [.. own], isLayered, order++));
            }

            own.Clear();
        }

        var selectors = new CssSelectorReader(parents).List(before);
        if (selectors.Count > 0)
        {
            Rules(tokens, closers, block.Start.Value, block.End.Value, selectors, isLayered, depth + 1);
        }
    }

    private void Keep(CssRule rule)
    {
        var subject = rule.Selector.Subject;
        if (subject.IsNever)
        {
            return;
        }

        if (subject.Id is { } id)
        {
            List(byId, id).Add(rule);
        }
        else if (subject.Classes is [var name, ..])
        {
            List(byClass, name).Add(rule);
        }
        else if (subject.Name is { } element)
        {
            List(byName, element).Add(rule);
        }
        else
        {
            others.Add(rule);
        }
    }

    private static List<CssRule> List(Dictionary<string, List<CssRule>> rules, string key)
    {
        if (!rules.TryGetValue(key, out var list))
        {
            rules[key] = list = [];
        }

        return list;
    }

    /// <summary>Keeps a declaration that <see cref="HtmlCascade"/> reads, or a variable.</summary>
    private static void Declare(ReadOnlySpan<CssToken> tokens, List<CssDeclaration> declarations)
    {
        tokens = CssValue.Trim(tokens);
        if (tokens is not [{ Kind: CssTokenKind.Ident, Text: var name }, ..])
        {
            return;
        }

        var at = CssValue.SkipSpace(tokens, 1);
        if (at >= tokens.Length || !tokens[at].Is(":"))
        {
            return;
        }

        var isVariable = name.StartsWith("--", StringComparison.Ordinal);
        var property = isVariable ? name : name.ToLowerInvariant();
        if (!isVariable && !HtmlCascade.Properties.Contains(property))
        {
            return;
        }

        var value = CssValue.Trim(tokens[(at + 1)..]);
        var isImportant = false;
        if (value is [.. var rest, var important] && important.IsIdent("important") && CssValue.Trim(rest) is [.. var before, var mark] && mark.Is("!"))
        {
            isImportant = true;
            value = CssValue.Trim(before);
        }

        if (value.Length > ValueTokensMax)
        {
            throw new DocumentUnreadableException(Notice.Of(ReadingProblem.CssComplex));
        }

        if (!value.IsEmpty)
        {
            declarations.Add(new(property, value.ToArray(), isImportant));
        }
    }
}
