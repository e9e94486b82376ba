using System.Runtime.CompilerServices;
using Pybo.Data;

namespace Pybo.Rag.Chat;

/// <summary>A source as a page shows it while the answer is being written.</summary>
public sealed record SourceCard(int Number, string Title, string Url, string Snippet);

/// <summary>What a page hears of a turn.</summary>
public abstract record TurnEvent
{
    private TurnEvent()
    {
    }

    /// <summary>How many questions will be answered before this one, those that are being answered included.</summary>
    public sealed record Waiting(int Before) : TurnEvent;

    /// <param name="Items">What is read.</param>
    /// <param name="Note">What the reader should know about the search, as it is stored.</param>
    /// <param name="Model">What answers; null for a turn that ended before that was known.</param>
    public sealed record Sources(IReadOnlyList<SourceCard> Items, string? Note, string? Model) : TurnEvent;

    /// <param name="Text">More of the answer.</param>
    /// <param name="End">The answer's length with it, in UTF-16 units: where a reader who lost the connection goes on.</param>
    public sealed record Token(string Text, int End) : TurnEvent;

    /// <summary>The turn has ended and stands in its row.</summary>
    public sealed record Done(TurnState State) : TurnEvent;
}

/// <summary>What a running turn has said so far; any number of readers replay it from the beginning and follow.</summary>
public sealed class TurnStream
{
    private readonly Lock gate = new();
    private readonly List<TurnEvent> events = [];
    private readonly Signal changed = new();
    private bool isEnded;

    public void Append(TurnEvent next)
    {
        lock (gate)
        {
            events.Add(next);
            isEnded |= next is TurnEvent.Done;
        }

        changed.Raise();
    }

    /// <summary>All events from the first to <see cref="TurnEvent.Done"/>; ends early, without an error, when cancelled.</summary>
    public async IAsyncEnumerable<TurnEvent> ReadAsync([EnumeratorCancellation] CancellationToken ct)
    {
        for (var at = 0; !ct.IsCancellationRequested;)
        {
            TurnEvent[] news;
            var more = changed.Next;
            lock (gate)
            {
                news = [.. events[at..]];
                if (news.Length == 0 && isEnded)
                {
                    yield break;
                }
            }

            foreach (var one in news)
            {
                yield return one;
            }

            at += news.Length;
            if (news.Length == 0)
            {
                await more.WaitAsync(ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}
