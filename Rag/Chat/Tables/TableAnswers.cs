using System.Globalization;
using Pybo.Data;
using Pybo.Rag.Documents;

namespace Pybo.Rag.Chat;

/// <summary>
/// Computes what a question asks over a table's column: the rows with the largest or the smallest number are quoted, a sum, an average and a number of rows are
/// said with the number of rows behind them. The numbers come from the cells, never from a model.
/// </summary>
/// <remarks>A row that is itself a total is quoted for a sum and never counted in. If a row has no number, or another unit, nothing is computed and the answer says so.</remarks>
internal static class TableAnswers
{
    /// <summary>The rows quoted, and those shown of each source of a sum; the answer says so if more rows win.</summary>
    public const int RowsMax = ListedParts.PartsMax;

    /// <summary>Returns the answer from the first document that has such a table; null if none has.</summary>
    /// <param name="question">The question, for its language.</param>
    /// <param name="asked">What it asks.</param>
    /// <param name="documents">The passages of each document in the order of its text, the best document first.</param>
    /// <param name="isChosen">The reader chose the one document.</param>
    /// <param name="addressOf">Builds the sources' addresses.</param>
    public static TableAnswer? Of(string question, TableQuestion asked, IEnumerable<IReadOnlyList<PassageHit>> documents, bool isChosen, SourceAddress addressOf)
    {
        // A document with more passages was read in part: a sum of its rows would be a wrong one.
        foreach (var passages in documents.Where(passages => passages.Count is > 0 and < WholePassages.PassagesMax))
        {
            var names = $"{passages[0].Title}\n{(passages[0].Path is { } path ? DocumentNames.OfFile(path) : "")}";
            var readings = DocumentTable.Of(passages).Select(table => TableReading.Of(asked, table, names, isChosen)).OfType<TableReading>().ToList();
            if (readings.Count > 0)
            {
                var like = readings.FindAll(readings[0].IsLike);
                return new Computation(question, asked.Operation, readings[0], like.Count > 1, [.. like.SelectMany(reading => reading.Rows)], [.. like.SelectMany(reading => reading.Table.Rows)], addressOf).Answer(asked.Unit);
            }
        }

        return null;
    }

    /// <param name="Rows">The rows that the question means.</param>
    /// <param name="All">All rows, with those that sum up others.</param>
    private sealed record Computation(string Question, TableOperation Operation, TableReading Reading, bool IsJoined, IReadOnlyList<TableLine> Rows, IReadOnlyList<TableLine> All, SourceAddress AddressOf)
    {
        public TableAnswer Answer(string? unit)
        {
            if (Reading.Counted is { } counted)
            {
                var count = Rows.Select(row => row[counted]).OfType<string>().Distinct(StringComparer.Ordinal).Count();
                return Computed(Rows, Said(nameof(PromptWords.TableCount), counted, count.ToString("#,0", CultureInfo.InvariantCulture), unit ?? ""));
            }

            if (WrittenTotal() is { } total)
            {
                return Quoted([total], note: null);
            }

            var amounts = Rows.Select(Reading.AmountOf).ToList();
            if (amounts.Contains(null) || amounts.Find(amount => amount?.After is not null) is not { } unitOf || !amounts.TrueForAll(amount => amount!.Value.HasUnitOf(unitOf)))
            {
                var reason = amounts.Contains(null) ? nameof(PromptWords.TableLacks) : nameof(PromptWords.TableUnits);
                return Computed(Rows, Said(reason, Reading.Measure!, amounts.Count(amount => amount is null))) with { IsRefused = true };
            }

            var values = amounts.ConvertAll(amount => amount!.Value.Value);
            return Operation switch
            {
                TableOperation.Largest => Extreme(values, values.Max()),
                TableOperation.Smallest => Extreme(values, values.Min()),
                TableOperation.Average => Computed(Rows, Said(Amount.IsRounded(values.Sum() / values.Count) ? nameof(PromptWords.TableAverageRounded) : nameof(PromptWords.TableAverage), Reading.Measure!, unitOf.Write(values.Sum() / values.Count), values.Count)),
                _ when values.Count == 1 => Quoted(Rows, note: null),
                _ => Computed(Rows, Said(nameof(PromptWords.TableSum), Reading.Measure!, unitOf.Write(values.Sum()), values.Count)),
            };
        }

        /// <summary>Returns the row in which the table itself writes the sum or the average of all rows; null if there is none, or several.</summary>
        private TableLine? WrittenTotal()
        {
            if (Reading.IsFiltered || IsJoined || Operation is TableOperation.Largest or TableOperation.Smallest)
            {
                return null;
            }

            var written = All.Where(row => row.Summary == (Operation == TableOperation.Average ? RowSummary.Average : RowSummary.Total) && Reading.AmountOf(row) is not null).ToList();
            return written is [var only] ? only : null;
        }

        private TableAnswer Extreme(List<decimal> values, decimal best)
        {
            var winners = Rows.Where((_, at) => values[at] == best).ToList();
            var note = Said(nameof(PromptWords.TableCompared), Reading.Measure!, values.Count);
            return Quoted(winners, winners.Count > RowsMax ? $"{note} {Said(nameof(PromptWords.MoreNote), RowsMax)}" : note);
        }

        /// <summary>Quotes rows, each with its source.</summary>
        private TableAnswer Quoted(IReadOnlyList<TableLine> rows, string? note)
        {
            var sources = SourcesOf([.. rows.Take(RowsMax)]);
            var quotes = rows.Take(RowsMax).Select(row => $"“{row.Line}” [{sources.First(source => source.Source.Passage.Id == row.Passage.Id).Source.Number}]");
            return new(string.Join("\n\n", note is null ? quotes : quotes.Append(note)), IsRefused: false, sources);
        }

        /// <summary>Says a result, with the sources of its rows.</summary>
        private TableAnswer Computed(IReadOnlyList<TableLine> rows, string said)
        {
            var sources = SourcesOf(rows);
            return new($"{said} {string.Concat(sources.Select(source => $"[{source.Source.Number}]"))}", IsRefused: false, sources);
        }

        private List<ChatCitation> SourcesOf(IReadOnlyList<TableLine> rows) =>
        [
            .. rows.GroupBy(row => row.Passage.Id).Take(SourceSelection.SourcesMax).Select((own, at) => own.First().Passage is var passage && AddressOf(passage) is var url
                ? new ChatCitation(new(at + 1, passage, url, passage.Path ?? url), string.Join('\n', own.Take(RowsMax).Select(row => Quotes.Limited(row.Line)))) : null!),
        ];

        private string Said(string name, params object[] values) => string.Format(CultureInfo.InvariantCulture, PromptBuilder.Words(name, Question), values);
    }
}

/// <summary>What a table answers.</summary>
/// <param name="IsRefused">The table has such a column, but nothing can be computed from it.</param>
/// <param name="Citations">The sources, numbered from 1, with the rows that were read; none is cited by a refusal.</param>
internal sealed record TableAnswer(string Text, bool IsRefused, IReadOnlyList<ChatCitation> Citations);
