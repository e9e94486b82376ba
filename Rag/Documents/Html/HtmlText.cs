using AngleSharp.Html;
using AngleSharp.Html.Parser;
using AngleSharp.Html.Parser.Tokens;
using AngleSharp.Html.Parser.Tokens.Struct;
using AngleSharp.Text;
using Pybo.Data;

namespace Pybo.Rag.Documents.Html;

/// <summary>Reads the tags of a page one after the other; <see cref="HtmlBlocks"/> makes blocks of the visible text.</summary>
/// <param name="html">The page, decoded.</param>
/// <param name="panels">What can be opened, as far as it is known.</param>
internal sealed class HtmlText(string html, HtmlPanels panels)
{
    /// <summary>A page with more tags and comments is not meant for people.</summary>
    public const int TokensMax = 2_000_000;

    /// <summary>The tokenizer keeps all attributes of a tag, and compares each with the earlier ones.</summary>
    public const int AttributesMax = 10_000;

    private readonly bool isXml = html.AsSpan().TrimStart().StartsWith("<?xml");
    private readonly OpenElements open = new();
    private readonly HtmlBlocks blocks = new();
    private HtmlStyles styles = null!;
    private int hiddenAt = -1;
    private bool isAfterPreformattedTag;

    public IEnumerable<DocumentPart> Parts()
    {
        var (sheet, isDark, opensEarlier) = HtmlSheets.Read(html, Tokens);
        if (opensEarlier)
        {
            // Only what is visible can be pressed, so the page is read to its end once before.
            var first = new HtmlText(html, panels);
            foreach (var _ in first.Parts(new(sheet, isDark)))
            {
            }

            panels.Restart();
        }

        return Parts(new(sheet, isDark));
    }

    private IEnumerable<DocumentPart> Parts(HtmlStyles pageStyles)
    {
        styles = pageStyles;
        using var source = new TextSource(html);
        var tokenizer = Tokenizer(source);
        for (var count = 0; count < TokensMax; count++)
        {
            var token = tokenizer.Get();
            if (token.Type == HtmlTokenType.EndOfFile)
            {
                blocks.End();
                foreach (var part in blocks.Take())
                {
                    yield return part;
                }

                yield break;
            }

            Read(token, tokenizer);
            foreach (var part in blocks.Take())
            {
                yield return part;
            }
        }

        blocks.End();
        foreach (var part in blocks.Take())
        {
            yield return part;
        }

        yield return new TruncatedPart(Notice.Of(ReadingProblem.TooManyTags, TokensMax));
    }

    private static HtmlTokenizer Tokenizer(TextSource source) =>
        new(source, HtmlEntityProvider.Resolver) { SkipComments = true, IsPreservingAttributeNames = false, ShouldEmitAttribute = Keep };

    /// <summary>Returns all tags, uninterpreted.</summary>
    private IEnumerable<HtmlToken> Tokens()
    {
        using var source = new TextSource(html);
        var tokenizer = Tokenizer(source);
        for (var count = 0; count < TokensMax && tokenizer.Get() is { Type: not HtmlTokenType.EndOfFile } token; count++)
        {
            if (token is HtmlTagToken { Type: HtmlTokenType.StartTag } tag && !(tag.IsSelfClosing && isXml))
            {
                tokenizer.State = ContentOf(tag.Name);
            }

            yield return token;
        }
    }

    private void Read(HtmlToken token, HtmlTokenizer tokenizer)
    {
        var isFirst = isAfterPreformattedTag;
        isAfterPreformattedTag = false;
        switch (token)
        {
            case { Type: HtmlTokenType.StartTag } and HtmlTagToken tag:
                if (Start(tag))
                {
                    tokenizer.State = ContentOf(tag.Name);
                }

                break;
            case { Type: HtmlTokenType.EndTag } and HtmlTagToken tag:
                End(tag.Name);
                break;
            case { Type: HtmlTokenType.Character } when hiddenAt < 0 && !styles.Current.IsUnseen && open.Innermost != "svg":
                var words = token.Data.AsSpan();
                blocks.Words(isFirst && words is ['\n', ..] ? words[1..] : words);
                panels.Show(words);
                break;
        }
    }

    /// <summary>Returns how the text after a start tag is parsed until its end tag.</summary>
    private static HtmlParseMode ContentOf(string name) => name switch
    {
        "title" or "textarea" => HtmlParseMode.RCData,
        "style" or "xmp" or "iframe" or "noembed" or "noframes" => HtmlParseMode.Rawtext,
        "script" => HtmlParseMode.Script,
        "plaintext" => HtmlParseMode.Plaintext,
        _ => HtmlParseMode.PCData,
    };

    /// <summary>Returns false for a tag without content. The slash of <c>&lt;div/&gt;</c> counts only in XML, drawings and formulas.</summary>
    private bool Start(HtmlTagToken tag)
    {
        CloseImplied(tag.Name);
        var node = hiddenAt < 0 ? styles.Of(tag) : null;
        var isHidden = node is not null && IsHidden(tag, node);
        if (HtmlElements.Void.Contains(tag.Name) || (tag.IsSelfClosing && (isXml || open.IsOpen("svg") || open.IsOpen("math"))))
        {
            if (node is not null && !isHidden)
            {
                Void(tag, node.Style);
            }

            return false;
        }

        // Content too deep to be told apart is hidden as a whole if its own words are.
        isHidden = isHidden || (open.Depth >= OpenElements.DepthMax && node is { Style.IsUnseen: true } && !styles.Current.IsUnseen);
        var isPushed = open.Push(tag.Name, always: isHidden);
        if (isPushed)
        {
            styles.Push(node);
        }

        if (isHidden)
        {
            hiddenAt = open.Depth - 1;
            return true;
        }

        if (hiddenAt < 0 && isPushed)
        {
            panels.Open(tag, open.Depth - 1);
            blocks.Open(tag, open.Depth - 1, node!.Script);
            isAfterPreformattedTag = tag.Name is "pre" or "listing" or "textarea";
        }
        else if (hiddenAt < 0 && HtmlElements.Blocks.Contains(tag.Name))
        {
            blocks.EndBlock();
        }

        return true;
    }

    /// <summary>Returns whether an element is hidden with all that it contains; unfolds one that a reader can open.</summary>
    private bool IsHidden(HtmlTagToken tag, HtmlNode node)
    {
        if (HtmlVisibility.IsLeftOut(tag) || (open.Innermost == "svg" && tag.Name is not ("title" or "desc")))
        {
            return true;
        }

        var isFolded = HtmlVisibility.IsFolded(tag);
        if (!isFolded && !node.Style.IsUnseen)
        {
            return false;
        }

        if (panels.Opens(tag))
        {
            node.Style = node.Style.Unfolded(styles.Current);
            blocks.Unfold();
            return false;
        }

        return isFolded || node.Style.IsGone;
    }

    private void Void(HtmlTagToken tag, HtmlStyle style)
    {
        if (tag.Name is "img" or "area" ? style.IsPictureUnseen : tag.Name == "input" && style.IsUnseen)
        {
            return;
        }

        blocks.Void(tag);
        if (tag.Name is "img" or "input")
        {
            panels.Show("□");
        }

        if (tag.Name == "input" && HtmlField.IsChoice(tag))
        {
            panels.Choose(tag);
        }
    }

    private void End(string name)
    {
        if (name == "br" && hiddenAt < 0)
        {
            blocks.LineBreak();
        }

        // Text after the end of the body belongs to it.
        var index = name is "body" or "html" ? -1 : open.IndexOfEnd(name);
        if (index >= 0)
        {
            PopTo(index);
        }
        else if (hiddenAt < 0 && HtmlElements.Blocks.Contains(name))
        {
            blocks.EndBlock();
        }
    }

    private void CloseImplied(string start)
    {
        var isBlock = HtmlElements.Blocks.Contains(start);
        if (isBlock && open.IndexOfParagraph() is >= 0 and var paragraph)
        {
            PopTo(paragraph);
        }

        if (open.IndexOfImplied(start) is >= 0 and var implied)
        {
            PopTo(implied);
        }
    }

    private void PopTo(int index)
    {
        while (open.Depth > index)
        {
            var name = open.Pop();
            styles.Pop();
            if (hiddenAt < 0)
            {
                blocks.Close(name, open.Depth);
                panels.Close(open.Depth);
            }
            else if (open.Depth <= hiddenAt)
            {
                hiddenAt = -1;
                // A hidden block still separates its neighbours.
                if (HtmlElements.Blocks.Contains(name))
                {
                    blocks.EndBlock();
                }
            }
        }
    }

    /// <summary>Called before the tokenizer keeps an attribute.</summary>
    private static bool Keep(ref StructHtmlToken tag, ReadOnlyMemory<char> name) =>
        tag.Attributes.Count < AttributesMax ? true : throw new DocumentUnreadableException(Notice.Of(ReadingProblem.TooManyAttributes));
}
