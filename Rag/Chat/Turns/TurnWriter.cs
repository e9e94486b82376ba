using System.Diagnostics;
using System.Text;
using Pybo.Data;

namespace Pybo.Rag.Chat;

/// <summary>Keeps an answer in its turn's row while it is written, and tells those who listen to the turn.</summary>
/// <param name="db">For as long as the answer is written.</param>
/// <param name="turn">The claimed row; the answer is filled in.</param>
/// <param name="stream">What pages hear.</param>
internal sealed class TurnWriter(PyboDb db, Turn turn, TurnStream stream) : IAnswerListener
{
    /// <summary>How much a crash may lose of an answer.</summary>
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

    /// <summary>Fills in the whole answer.</summary>
    public void End(ChatAnswer whole, IReadOnlyList<ChatExchange> history)
    {
        (turn.State, turn.Answer, turn.Refused, turn.Model) = (TurnState.Done, whole.Text, whole.IsRefused, whole.Model);
        (turn.FirstTokenMs, turn.TokensPerSecond) = (whole.Speed?.FirstTokenMs, whole.Speed?.TokensPerSecond);
        // What is only quoted holds nothing else.
        turn.RepeatsEarlier = whole.IsGenerated && Grounds.Repeats(whole.Text, turn.Question, whole.Citations, history);
        Cite(whole.Citations, Grounds.Of(whole.Text, turn.Question, whole.Citations, sources));
    }

    /// <summary>Fills in what there is of an answer that was interrupted. It may rest on all its sources, and repeat what was said before.</summary>
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
