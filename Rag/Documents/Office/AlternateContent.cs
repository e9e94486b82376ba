using Pybo.Rag.Documents.Zip;

namespace Pybo.Rag.Documents.Office;

/// <summary>Of the branches of <c>mc:AlternateContent</c>, which say the same for newer and older applications, only the first is read.</summary>
internal sealed class AlternateContent
{
    private readonly Stack<bool> taken = [];

    /// <summary>True where the node belongs to a branch that is not wanted; the scanner stands behind it then.</summary>
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
