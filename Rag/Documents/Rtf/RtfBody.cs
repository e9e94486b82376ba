using System.Collections.Frozen;
using System.Text;
using Pybo.Data;
using Pybo.Rag.Documents.Tables;
using Pybo.Rag.Documents.Zip;

namespace Pybo.Rag.Documents.Rtf;

/// <summary>Reads the body of an RTF file: paragraphs with their outline level, tables, notes and link targets; hidden and deleted text stays out.</summary>
internal sealed class RtfBody(ReadOnlyMemory<byte> file)
{
    /// <summary>Groups within groups; no writer nests deeper, and deeper groups share the last one's state.</summary>
    private const int GroupsMax = 1_000;

    private const int ParagraphCharactersMax = 1_000_000;

    private const int FontsMax = 10_000;

    /// <summary>Notes that wait for the end of their paragraph.</summary>
    private const int NotesMax = 1_000;

    private const int KoreanCharset = 129;
    private const int KoreanCodePage = 949;
    private const int LatinCodePage = 1252;

    /// <summary>Groups that hold no text of the body (RTF 1.9.1, "Destinations"); those marked with <c>\*</c> are left out too, if they are not known here.</summary>
    private static readonly FrozenSet<string> Skipped = FrozenSet.Create(
        "colortbl", "stylesheet", "listtable", "listoverridetable", "revtbl", "rsidtbl", "generator", "pict", "object", "header", "headerl", "headerr", "headerf", "footer", "footerl", "footerr", "footerf",
        "themedata", "colorschememapping", "datastore", "latentstyles", "xmlnstbl", "filetbl", "ftnsep", "ftnsepc", "ftncn", "aftnsep", "aftnsepc", "aftncn", "bkmkstart", "bkmkend", "atnid", "atnauthor", "atnref", "atrfstart", "atrfend", "atndate", "nonshppict", "private", "tc", "xe", "mmathPr", "listtext", "pntext", "pnseclvl");

    private static readonly FrozenDictionary<string, string> Signs = new Dictionary<string, string>
    {
        ["tab"] = "\t",
        ["line"] = "\n",
        ["lquote"] = "‘",
        ["rquote"] = "’",
        ["ldblquote"] = "“",
        ["rdblquote"] = "”",
        ["bullet"] = "•",
        ["endash"] = "–",
        ["emdash"] = "—",
        ["emspace"] = " ",
        ["enspace"] = " ",
        ["~"] = " ",
        ["_"] = "-",
        ["{"] = "{",
        ["}"] = "}",
        ["\\"] = "\\",
    }.ToFrozenDictionary();

    private readonly RtfTokens tokens = new(file);
    private readonly Stack<State> groups = new();
    private readonly Dictionary<int, int> codePages = [];
    private readonly StringBuilder paragraph = new();
    private readonly StringBuilder title = new();
    private readonly StringBuilder address = new();
    private readonly List<byte> bytes = [];
    private readonly List<string> notes = [];
    private State state = new(LatinCodePage);
    private int codePage = LatinCodePage;
    private int depth;
    private int skip;
    private int level;
    private int font;
    private TableRows? table;
    private List<TableCell> row = [];
    private bool isInTable;

    /// <summary>The title of the document's properties; empty without one.</summary>
    public string Title => title.ToString().Trim();

    /// <summary>True if every group was closed.</summary>
    public bool IsComplete { get; private set; }

    public IEnumerable<DocumentPart> Parts()
    {
        while (tokens.Next() is { Kind: not RtfTokenKind.End } token)
        {
            foreach (var part in Take(token))
            {
                yield return part;
            }

            if (IsComplete)
            {
                break;
            }
        }

        foreach (var part in EndParagraph().Concat(EndTable()))
        {
            yield return part;
        }
    }

    private IEnumerable<DocumentPart> Take(RtfToken token)
    {
        switch (token.Kind)
        {
            case RtfTokenKind.Open:
                Flush();
                depth++;
                if (groups.Count < GroupsMax)
                {
                    groups.Push(state);
                    state = state with { Start = paragraph.Length, IsFirst = true, IsResult = false, Target = state.Target is Target.Note ? Target.Body : state.Target };
                }

                break;
            case RtfTokenKind.Close:
                Flush();
                Close();
                break;
            case RtfTokenKind.Byte when skip > 0:
                skip--;
                break;
            case RtfTokenKind.Byte:
                bytes.Add((byte)token.Value);
                state = state with { IsFirst = false };
                break;
            default:
                return Control(token);
        }

        return [];
    }

    private void Close()
    {
        IsComplete = --depth <= 0;
        if (groups.Count <= depth)
        {
            return;
        }

        var closed = state;
        state = groups.TryPop(out var outer) ? outer : state;
        if (closed.Target is Target.Note && !closed.IsLeftOut)
        {
            var note = paragraph.ToString(closed.Start, paragraph.Length - closed.Start).Trim();
            paragraph.Length = closed.Start;
            if (note.Length > 0 && notes.Count < NotesMax)
            {
                notes.Add($"{closed.Label}: {note}");
            }
        }
        else if (closed.IsResult && address.Length > 0)
        {
            paragraph.Append(LinkText.After(paragraph.ToString(closed.Start, paragraph.Length - closed.Start), Address()));
            address.Clear();
        }
    }

    private string Address()
    {
        const string name = "HYPERLINK";
        var instruction = address.ToString().Trim();
        return instruction.StartsWith(name, StringComparison.OrdinalIgnoreCase) ? instruction[name.Length..].Trim().Split(' ')[0].Trim('"') : "";
    }

    private IEnumerable<DocumentPart> Control(RtfToken token)
    {
        var isFirst = state.IsFirst;
        if (token.Name is "*" && isFirst)
        {
            state = state with { IsOptional = true };
            return [];
        }

        // A byte sequence of two belongs together: only other controls end it.
        Flush();
        state = state with { IsFirst = false };
        if (isFirst && Destination(token.Name))
        {
            return [];
        }

        switch (token.Name)
        {
            case "par" or "sect" or "page":
                return isInTable && token.Name == "par" ? Add("\n") : EndParagraph();
            case "cell" or "nestcell":
                EndCell();
                return [];
            case "row" or "nestrow":
                return EndRow();
            case "u":
                return Unicode(token.Value);
            case "bin":
                tokens.Skip(token.Value);
                return [];
        }

        if (Signs.TryGetValue(token.Name, out var sign))
        {
            return Add(sign);
        }

        Format(token);
        return [];
    }

    /// <summary>Begins a destination: a group with text that is not the body's.</summary>
    private bool Destination(string name)
    {
        var (target, label) = name switch
        {
            "fonttbl" => (Target.Fonts, ""),
            "info" => (Target.Information, ""),
            "title" when state.Target is Target.Information => (Target.Title, ""),
            "fldinst" => (Target.Instruction, ""),
            "footnote" => (Target.Note, StoredWords.Footnote),
            "annotation" => (Target.Note, StoredWords.Comment),
            "fldrslt" or "shptxt" or "shp" or "shpinst" or "field" or "rtf" => (state.Target, ""),
            _ => (Target.None, ""),
        };
        if (name == "fldrslt")
        {
            state = state with { IsResult = true, IsOptional = false };
            return true;
        }

        if (name == "fldinst")
        {
            address.Clear();
        }

        if (target is not Target.None)
        {
            state = state with { Target = target, Label = label, IsOptional = false };
            return name != "rtf";
        }

        var isLeftOut = Skipped.Contains(name) || state.IsOptional || state.Target is Target.Information;
        state = state with { IsLeftOut = state.IsLeftOut || isLeftOut, IsOptional = false };
        return isLeftOut;
    }

    private void Format(RtfToken token)
    {
        var isOn = !token.HasValue || token.Value != 0;
        switch (token.Name)
        {
            case "ansicpg" when token.Value > 0:
                codePage = token.Value;
                state = state with { CodePage = codePage };
                break;
            case "uc":
                state = state with { Fallback = Math.Clamp(token.Value, 0, 16) };
                break;
            case "f":
                font = token.Value;
                state = state.Target is Target.Fonts ? state : state with { CodePage = codePages.GetValueOrDefault(token.Value, codePage) };
                break;
            case "fcharset" when state.Target is Target.Fonts && codePages.Count < FontsMax:
                codePages[font] = token.Value == KoreanCharset ? KoreanCodePage : codePage;
                break;
            case "v":
                state = state with { IsHidden = isOn };
                break;
            case "deleted":
                state = state with { IsHidden = isOn };
                break;
            case "super" or "sub":
                state = state with { Script = isOn ? token.Name == "super" ? 1 : -1 : 0 };
                break;
            case "nosupersub":
                state = state with { Script = 0 };
                break;
            case "plain":
                state = state with { IsHidden = false, Script = 0, CodePage = codePage };
                break;
            case "pard":
                (level, isInTable) = (0, false);
                break;
            case "outlinelevel":
                level = token.Value is >= 0 and < 6 ? token.Value + 1 : 0;
                break;
            case "intbl":
                isInTable = true;
                break;
            case "trowd":
                table ??= new();
                break;
        }
    }

    /// <summary>Adds a UTF-16 unit; the bytes after it say the same for readers without Unicode and are passed over.</summary>
    private IEnumerable<DocumentPart> Unicode(int value)
    {
        skip = state.Fallback;
        return Add(((char)(value & 0xFFFF)).ToString());
    }

    private IEnumerable<DocumentPart> Add(string text)
    {
        if (state.IsLeftOut || state.IsHidden)
        {
            return [];
        }

        var to = state.Target switch { Target.Body or Target.Note => paragraph, Target.Title => title, Target.Instruction => address, _ => null };
        if (to is not null)
        {
            var placed = state.Target is not (Target.Body or Target.Note) || state.Script == 0 ? text : state.Script > 0 ? ScriptText.Raised(text) : ScriptText.Lowered(text);
            BoundedText.Add(to, placed, ParagraphCharactersMax);
        }

        return [];
    }

    /// <summary>Decodes the bytes of a run: those of a Korean syllable are two.</summary>
    private void Flush()
    {
        if (bytes.Count == 0)
        {
            return;
        }

        var encoding = CodePagesEncodingProvider.Instance.GetEncoding(state.CodePage) ?? Encoding.Latin1;
        Add(encoding.GetString([.. bytes]));
        bytes.Clear();
    }

    private IEnumerable<DocumentPart> EndParagraph()
    {
        Flush();
        var text = paragraph.ToString();
        paragraph.Clear();
        state = state with { Start = 0 };
        var ended = EndTable();
        string[] after = [.. notes];
        notes.Clear();
        var own = string.IsNullOrWhiteSpace(text) ? null : level > 0 ? BlockPart.Heading(level, text) : BlockPart.Paragraph(text);
        return [.. ended, .. own is null ? [] : new DocumentPart[] { own }, .. after.Select(note => BlockPart.Paragraph(note))];
    }

    private void EndCell()
    {
        row.Add(new(paragraph.ToString()));
        paragraph.Clear();
        state = state with { Start = 0 };
    }

    private IEnumerable<DocumentPart> EndRow()
    {
        if (row.Count > 0 && row.Count <= TableGrid.ColumnsMax)
        {
            (table ??= new()).AddRow(row);
        }

        row = [];
        return table?.TakeRows() is { } block ? [block] : [];
    }

    private IEnumerable<DocumentPart> EndTable()
    {
        var block = table?.End();
        (table, row) = (null, []);
        return block is null ? [] : [block];
    }

    private enum Target
    {
        None,
        Body,
        Note,
        Title,
        Instruction,
        Fonts,
        Information,
    }

    /// <summary>What a group inherits and restores.</summary>
    /// <param name="CodePage">Of the bytes of its text.</param>
    private sealed record State(int CodePage)
    {
        public Target Target { get; init; } = Target.Body;

        /// <summary>The label of a note.</summary>
        public string Label { get; init; } = "";

        /// <summary>Where the group's text begins in the paragraph.</summary>
        public int Start { get; init; }

        /// <summary>The bytes after a <c>\u</c> that say the same.</summary>
        public int Fallback { get; init; } = 1;

        public bool IsHidden { get; init; }

        public bool IsLeftOut { get; init; }

        /// <summary>True until the group's first control word or text.</summary>
        public bool IsFirst { get; init; }

        /// <summary>True after <c>\*</c>: an unknown destination is left out.</summary>
        public bool IsOptional { get; init; }

        /// <summary>True for what a field shows.</summary>
        public bool IsResult { get; init; }

        /// <summary>1 for raised text, -1 for lowered.</summary>
        public int Script { get; init; }
    }
}
