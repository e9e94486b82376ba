using Pybo.Rag.Documents.Zip;

namespace Pybo.Rag.Documents.Office;

/// <summary>Reads only the first branch of <c>mc:AlternateContent</c>, whose branches have the same content for newer and older applications.</summary>
internal sealed class AlternateContent
{
    private readonly Stack<bool> taken = [];

    /// <summary>Returns true if the node belongs to an unwanted branch; the scanner is past it then.</summary>
    public bool Skips(XmlScanner xml)
    {
        switch (xml.Name)
        {
            case "AlternateContent" when xml.IsStart:
                taken.Push(false);
                return false;
            case "AlternateContent" when xml.IsEnd:
                taken.TryPop(out _);
                return false;
            case "Choice" or "Fallback" when xml.IsStart && taken.TryPop(out var isTaken):
                taken.Push(true);
                if (isTaken)
                {
                    xml.Skip();
                }

                return isTaken;
            default:
                return false;
        }
    }
}
