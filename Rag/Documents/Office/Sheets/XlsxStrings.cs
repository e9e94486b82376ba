using System.Globalization;
using System.Text.RegularExpressions;
using Pybo.Data;
using Pybo.Rag.Documents.Zip;

namespace Pybo.Rag.Documents.Office;

/// <summary>Reads the shared strings of a workbook's cells.</summary>
internal static partial class XlsxStrings
{
    /// <summary>The longest document has no room for more distinct strings.</summary>
    private const int StringsMax = 2_000_000;

    /// <summary>Twice the longest document.</summary>
    private const long CharactersMax = 2L * DocumentReader.CharactersMax;

    public static List<string> Read(OfficePackage package, string? part)
    {
        var strings = new List<string>();
        var characters = 0L;
        foreach (var xml in package.Elements(part))
        {
            if (xml.Name == "si")
            {
                strings.Add(Inside(xml));
                characters += strings[^1].Length;
            }

            if (strings.Count == StringsMax || characters > CharactersMax)
            {
                package.Faults.Add(Notice.Of(ReadingProblem.TooManyStrings));
                break;
            }
        }

        return strings;
    }

    /// <summary>Returns the runs of the string that starts here, without the readings above them.</summary>
    public static string Inside(XmlScanner xml)
    {
        var (text, depth, script) = ("", xml.Depth, Script.None);
        ScriptedText? more = null;
        while (xml.Read() && !(xml.IsEnd && xml.Depth == depth))
        {
            switch (xml.IsStart ? xml.Name : "")
            {
                case "rPh":
                    xml.Skip();
                    break;
                case "r":
                    script = Script.None;
                    break;
                case "vertAlign":
                    script = xml.Attribute("val") switch { "superscript" => Script.Raised, "subscript" => Script.Lowered, _ => Script.None };
                    break;
                case "t" when text.Length == 0 && script == Script.None && more is null:
                    text = xml.TextInside();
                    break;
                case "t":
                    more ??= Begin(text);
                    if (!more.Add(xml.TextInside(), script))
                    {
                        xml.Cut();
                    }

                    break;
            }
        }

        return Unescape(more?.Take() ?? text);
    }

    private static ScriptedText Begin(string text)
    {
        var begun = new ScriptedText(XmlScanner.TextCharactersMax);
        begun.Add(text);
        return begun;
    }

    /// <summary>Replaces the escapes in a workbook's string: characters that XML cannot hold are <c>_x000D_</c>, and a <c>_</c> that would begin one is <c>_x005F_</c> (ECMA-376 part 1, 22.9.2.19).</summary>
    public static string Unescape(string text) => text.Contains("_x", StringComparison.Ordinal)
        ? Escape().Replace(text, escape => ((char)ushort.Parse(escape.ValueSpan[2..^1], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)).ToString())
        : text;

    [GeneratedRegex("_x[0-9A-Fa-f]{4}_", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Escape();
}
