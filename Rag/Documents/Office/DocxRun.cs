using System.Globalization;
using Pybo.Rag.Documents.Zip;

namespace Pybo.Rag.Documents.Office;

/// <summary>The properties of a run, or of a style, that decide whether and how its words are read (ECMA-376 part 1, 17.3.2); null leaves one to the style.</summary>
internal sealed class DocxRun
{
    /// <summary>The size without any statement: 10 points, in half points.</summary>
    public const int OrdinarySize = 20;

    /// <summary>Characters this much smaller than the line, and moved off it, are a script; larger ones are only moved.</summary>
    private const double ScriptSizeShareMax = .8;

    public string? Style { get; private set; }

    public bool? IsHidden { get; private set; }

    public Script? Script { get; private set; }

    /// <summary>In half points.</summary>
    public int? Size { get; private set; }

    /// <summary>How far the run is raised, in half points.</summary>
    public int Position { get; private set; }

    /// <summary>Takes one property; everything else does not matter here.</summary>
    public void Take(XmlScanner xml)
    {
        switch (xml.Name)
        {
            case "rStyle":
                Style = xml.Attribute("val");
                break;
            case "vanish":
                IsHidden = IsOn(xml);
                break;
            case "webHidden" when IsOn(xml):
                IsHidden = true;
                break;
            case "vertAlign":
                Script = xml.Attribute("val") switch { "superscript" => Office.Script.Raised, "subscript" => Office.Script.Lowered, _ => Office.Script.None };
                break;
            case "sz":
                Size = Number(xml.Attribute("val"));
                break;
            case "position":
                Position = Number(xml.Attribute("val")) ?? 0;
                break;
        }
    }

    public void Inherit(DocxRun run)
    {
        IsHidden ??= run.IsHidden;
        Script ??= run.Script;
        Size ??= run.Size;
    }

    /// <summary>Returns where the run's own properties put its characters; null if they do not say.</summary>
    /// <param name="lineSize">The size of the paragraph's characters, in half points.</param>
    public Script? ScriptIn(int lineSize) => Script is not null ? Script
        : Position == 0 || Size is null || Size > lineSize * ScriptSizeShareMax ? null
        : Position > 0 ? Office.Script.Raised : Office.Script.Lowered;

    /// <summary>A property that is there is on, unless its value says otherwise.</summary>
    public static bool IsOn(XmlScanner xml) => xml.Attribute("val") is not ("0" or "false" or "off");

    private static int? Number(string? text) => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;
}
