using System.Text.RegularExpressions;
using Pybo.Data;

namespace Pybo.Rag.Documents.Tables;

/// <summary>Words of a table that say what a row is.</summary>
public static partial class TableLabels
{
    /// <summary>True for the label of a row that adds up others: it belongs to no group, and is not added again.</summary>
    public static bool IsTotal(string label) => SummaryWords.Of(label) is RowSummary.Total or RowSummary.Average;

    /// <summary>True for a text across a table that names the rows below it: not a remark, a unit or a sentence.</summary>
    internal static bool IsGroup(string text) => !RemarkRegex().IsMatch(text) && TableUnit.FieldOf(text) is null;

    [GeneratedRegex(@"^\s*(?:[※*☞†‡]|주\s*[0-9]*[)\].:]|비고|참고|출처|자료|이하\s?여백|[0-9]+\))|[다요음함임됨][.!…)]*$|[.:]$", RegexOptions.CultureInvariant)]
    private static partial Regex RemarkRegex();
}
