using System.Text;
using Pybo.Data;

namespace Pybo.Rag.Documents.Zip;

/// <summary>Builds texts up to a limit.</summary>
internal static class BoundedText
{
    /// <summary>Appends as much as there is room for; returns false if the rest was left out.</summary>
    public static bool Add(StringBuilder text, string more, int charactersMax)
    {
        var beginning = more.Cut(charactersMax - text.Length);
        text.Append(beginning);
        return beginning.Length == more.Length;
    }
}
