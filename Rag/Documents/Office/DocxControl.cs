using System.Globalization;
using System.Text;
using Pybo.Rag.Documents.Zip;

namespace Pybo.Rag.Documents.Office;

/// <summary>A content control (ECMA-376 part 1, 17.5.2): a field of a form. What was filled in is text, and its prompt is not.</summary>
internal sealed class DocxControl
{
    public const string Checked = "☑";

    public const string Unchecked = "☐";

    private const int ChoicesMax = 1_000;

    /// <summary>True if nothing in it is read: it, or one around it, shows a prompt.</summary>
    public bool IsPrompt { get; private set; }

    /// <summary>The text that replaces what the control holds: the mark of a check box.</summary>
    public string? Mark { get; private set; }

    /// <summary>The text of the chosen entry, if the control holds no text of its own.</summary>
    public string? Choice { get; private set; }

    /// <summary>True once its text has been read.</summary>
    public bool IsWritten { get; set; }

    public DocxControl(DocxControl? outer) => IsPrompt = outer is { IsPrompt: true } or { Mark: not null };

    /// <summary>Reads the properties that start here, and moves to their end.</summary>
    public void Take(XmlScanner xml)
    {
        var (depth, chosen, choices) = (xml.Depth, (string?)null, new Dictionary<string, string>(StringComparer.Ordinal));
        while (xml.Read() && !(xml.IsEnd && xml.Depth == depth))
        {
            switch (xml.IsStart ? xml.Name : "")
            {
                case "showingPlcHdr":
                    IsPrompt |= DocxRun.IsOn(xml);
                    break;
                case "checkbox":
                    Mark ??= Unchecked;
                    break;
                case "checked":
                    Mark = MarkOf(DocxRun.IsOn(xml));
                    break;
                case "dropDownList" or "comboBox":
                    chosen = xml.Attribute("lastValue");
                    break;
                case "listItem" when choices.Count < ChoicesMax && xml.Attribute("value") is { } value:
                    choices.TryAdd(value, xml.Attribute("displayText") ?? value);
                    break;
            }
        }

        Choice = chosen is { Length: > 0 } ? choices.GetValueOrDefault(chosen, chosen) : null;
    }

    /// <summary>Returns the sign of a check box, before its label.</summary>
    public static string MarkOf(bool isChecked) => isChecked ? Checked : Unchecked;
}

/// <summary>A field (17.16): its instruction, and what a form field of older documents holds.</summary>
internal sealed class DocxField
{
    private const int InstructionCharactersMax = 4_000;

    private const int EntriesMax = 1_000;

    private readonly StringBuilder instruction = new();

    /// <summary>True until its result begins.</summary>
    public bool IsInstruction { get; set; } = true;

    /// <summary>The mark of a check box.</summary>
    public string? Mark { get; private set; }

    /// <summary>The chosen entry of a list, which is saved without the field's result.</summary>
    public string? Value { get; private set; }

    /// <summary>The paragraph in which its result begins, and the length of its text there.</summary>
    public (DocxParagraph? Paragraph, int Mark) Start { get; set; }

    public void Add(string more) => BoundedText.Add(instruction, more, InstructionCharactersMax);

    /// <summary>Returns the address of a <c>HYPERLINK</c> field, its first argument; null for another field, and for a link inside the document.</summary>
    public string? Address() => AddressOf(instruction.ToString());

    public static string? AddressOf(string? instruction)
    {
        const string name = "HYPERLINK";
        var words = (instruction ?? "").AsSpan().Trim();
        if (!words.StartsWith(name, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        words = words[name.Length..].TrimStart();
        return words switch
        {
            ['"', .. var quoted] => quoted.IndexOf('"') is >= 0 and var end ? quoted[..end].ToString() : null,
            ['\\', ..] or [] => null,
            _ => words.IndexOf(' ') is >= 0 and var space ? words[..space].ToString() : words.ToString(),
        };
    }

    /// <summary>Reads the form field's data inside the element that starts here, and moves to its end.</summary>
    public void Take(XmlScanner xml)
    {
        var (depth, entries, chosen) = (xml.Depth, new List<string>(), (string?)null);
        var (isChecked, isBox) = ((bool?)null, false);
        while (xml.Read() && !(xml.IsEnd && xml.Depth == depth))
        {
            switch (xml.IsStart ? xml.Name : "")
            {
                case "checkBox":
                    isBox = true;
                    break;
                case "checked":
                    isChecked = DocxRun.IsOn(xml);
                    break;
                case "default" when isBox:
                    isChecked ??= DocxRun.IsOn(xml);
                    break;
                case "default":
                    chosen ??= xml.Attribute("val");
                    break;
                case "result":
                    chosen = xml.Attribute("val");
                    break;
                case "listEntry" when entries.Count < EntriesMax:
                    entries.Add(xml.Attribute("val") ?? "");
                    break;
            }
        }

        Mark = isBox ? DocxControl.MarkOf(isChecked == true) : null;
        Value = entries.ElementAtOrDefault(int.TryParse(chosen, NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? index : 0);
    }
}
