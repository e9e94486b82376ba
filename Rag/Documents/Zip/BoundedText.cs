using System.Text;
using Pybo.Data;

namespace Pybo.Rag.Documents.Zip;

/// <summary>Texts that are put together up to a limit.</summary>
internal static class BoundedText
{
    /// <summary>Adds as much as there is room for; false where the rest had to be left out.</summary>
    public static bool Add(StringBuilder text, string more, int charactersMax)
    {
        var beginning = more.Cut(charactersMax - text.Length);
        text.Append(beginning);
        return beginning.Length == more.Length;
    }
}
