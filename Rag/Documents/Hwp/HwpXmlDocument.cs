using System.Text;

namespace Pybo.Rag.Documents.Hwp;

/// <summary>What HWPX and HWPML have in common when they are read from their beginning to their end.</summary>
internal static class HwpXmlDocument
{
    public static readonly WarningPart TooDeep = new("표가 너무 깊이 겹쳐 있어 가장 안쪽의 글은 읽지 않았습니다.");

    /// <summary>The parts of one section. Where its XML breaks, what was read before is given out first.</summary>
    /// <exception cref="DocumentUnreadableException">The XML breaks.</exception>
    public static IEnumerable<DocumentPart> Section(Stream stream, HwpFlow flow, HwpStyles styles)
    {
        using var xml = new HwpXml(stream);
        flow.Pages.BeginSection();
        foreach (var part in Body(xml, flow, styles))
        {
            yield return part;
        }
    }

    /// <summary>The parts of all that follows in the XML.</summary>
    /// <exception cref="DocumentUnreadableException">The XML breaks.</exception>
    public static IEnumerable<DocumentPart> Body(HwpXml xml, HwpFlow flow, HwpStyles styles)
    {
        var body = new HwpXmlBody(xml, flow, styles);
        while (TryRead(body, out var broken))
        {
            while (flow.TryTake(out var part))
            {
                yield return part;
            }

            if (broken is not null)
            {
                throw broken;
            }
        }
    }

    /// <summary>The text of the first element of this name; null where there is none.</summary>
    /// <exception cref="DocumentUnreadableException">The XML breaks before.</exception>
    public static string? FirstText(HwpXml xml, string name)
    {
        while (xml.Read())
        {
            if (xml.IsStart && xml.Is(name))
            {
                return !xml.IsEmpty && xml.Read() && xml.IsText ? xml.Text : "";
            }
        }

        return null;
    }

    /// <summary>Reads on; at a break all that is open is closed, so that it is not lost.</summary>
    private static bool TryRead(HwpXmlBody body, out DocumentUnreadableException? broken)
    {
        broken = null;
        try
        {
            return body.Read();
        }
        catch (DocumentUnreadableException exception)
        {
            body.CloseAll();
            broken = exception;
            return true;
        }
    }
}
