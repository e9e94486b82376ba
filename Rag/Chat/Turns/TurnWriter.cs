using System.Diagnostics;
using System.Text;
using Pybo.Data;

namespace Pybo.Rag.Chat;

/// <summary>Saves an answer to its turn's row while it is written, and notifies the turn's listeners.</summary>
/// <param name="db">Used for as long as the answer is written.</param>
/// <param name="turn">The claimed row; receives the answer.</param>
/// <param name="stream">The events that pages follow.</param>
internal sealed class TurnWriter(PyboDb db, Turn turn, TurnStream stream) : IAnswerListener
{
    /// <summary>The most of an answer that a crash may lose.</summary>
    private static readonly TimeSpan SaveInterval = TimeSpan.FromSeconds(1);

    private readonly StringBuilder answer = new();
    private IReadOnlyList<ChatSource> sources = [];
    private long savedAt = Stopwatch.GetTimestamp();

    /// <exception cref="SourceGoneException">A source was deleted or edited since it was found.</exception>
    public async ValueTask OnSourcesAsync(IReadOnlyList<ChatSource> sources, Notice? note, string model, CancellationToken ct)
    {
        (this.sources, turn.Note, turn.Model) = (sources, note?.ToString(), model);
        var words = KoreanText.Words(turn.Question);
        turn.Citations.AddRange(sources.Select(s => CitationRows.Of(turn.Id, s, words)));
        if (!await db.KeepSourcesAsync(turn.Id, turn.Citations, ct))
        {
            throw new SourceGoneException();
        }

        stream.Append(new TurnEvent.Sources([.. turn.Citations.Select(CitationRows.Card)], turn.Note, model));
    }

    public ValueTask OnPartAsync(int part, int count, CancellationToken ct)
    {
        stream.Append(new TurnEvent.Reading(part, count));
        return ValueTask.CompletedTask;
    }

    /// <exception cref="SourceGoneException">A source was deleted or edited since it was found.</exception>
    public async ValueTask OnTextAsync(string text, CancellationToken ct)
    {
        answer.Append(text);
        stream.Append(new TurnEvent.Token(text, answer.Length));
        if (Stopwatch.GetElapsedTime(savedAt) >= SaveInterval)
        {
            if (!await db.KeepPartialAnswerAsync(turn.Id, answer.ToString(), ct))
            {
                throw new SourceGoneException();
            }

            savedAt = Stopwatch.GetTimestamp();
        }
    }

    /// <summary>Stores the whole answer in the row.</summary>
    public void End(ChatAnswer whole, IReadOnlyList<ChatExchange> history)
    {
        (turn.State, turn.Answer, turn.Refused, turn.Model) = (TurnState.Done, whole.Text, whole.IsRefused, whole.Model);
        (turn.FirstTokenMs, turn.TokensPerSecond) = (whole.Speed?.FirstTokenMs, whole.Speed?.TokensPerSecond);
        // An extractive answer contains only quotations.
        turn.RepeatsEarlier = whole.IsGenerated && Grounds.Repeats(whole.Text, turn.Question, whole.Citations, history);
        Cite(whole.Citations, Grounds.Of(whole.Text, turn.Question, whole.Citations, sources));
    }

    /// <summary>Stores the partial text of an interrupted answer. It may draw on all its sources and repeat earlier answers.</summary>
    public void Interrupt(TurnState state, Notice? error)
    {
        (turn.State, turn.Answer, turn.Error, turn.RepeatsEarlier) = (state, answer.ToString(), error?.ToString(), true);
        Cite(Quotes.Of(turn.Answer, sources), grounds: null);
    }

    private void Cite(IReadOnlyList<ChatCitation> citations, IReadOnlyCollection<int>? grounds)
    {
        foreach (var row in turn.Citations)
        {
            row.Quote = citations.FirstOrDefault(c => c.Source.Number == row.Number)?.Quote;
            row.IsGround = grounds is null || grounds.Contains(row.Number);
        }
    }
}
