using System.Runtime.CompilerServices;
using Pybo.Data;

namespace Pybo.Rag.Chat;

/// <summary>A source as shown while the answer is being written.</summary>
public sealed record SourceCard(int Number, string Title, string Url, string Snippet);

/// <summary>An event of a turn, sent to the pages that follow it.</summary>
public abstract record TurnEvent
{
    private TurnEvent()
    {
    }

    /// <summary>How many questions are answered before this one, including those in progress.</summary>
    public sealed record Waiting(int Before) : TurnEvent;

    /// <param name="Items">The sources of the answer.</param>
    /// <param name="Note">A stored note to the reader about the search.</param>
    /// <param name="Model">The model that answers; null for a turn that ended before it was known.</param>
    public sealed record Sources(IReadOnlyList<SourceCard> Items, string? Note, string? Model) : TurnEvent;

    /// <summary>Which part of a long text is being read, from 1.</summary>
    public sealed record Reading(int Part, int Count) : TurnEvent;

    /// <param name="Text">More of the answer.</param>
    /// <param name="End">The answer's length including this text, in UTF-16 units: where a reader that lost the connection resumes.</param>
    public sealed record Token(string Text, int End) : TurnEvent;

    /// <summary>The turn has ended and its row is saved.</summary>
    public sealed record Done(TurnState State) : TurnEvent;
}

/// <summary>Holds the events of a running turn; any number of readers replay them from the beginning and follow.</summary>
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

    /// <summary>Returns all events from the first to <see cref="TurnEvent.Done"/>; ends early, without an error, when cancelled.</summary>
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
