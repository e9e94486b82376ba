using Microsoft.EntityFrameworkCore.Query;

namespace Pybo.Data;

/// <summary>
/// A source of passages. The row is the queue: <see cref="IndexedAt"/> null means "to do", so a crash at any moment loses nothing.
/// </summary>
public abstract class Indexed
{
    public const int IndexErrorMax = 500;

    /// <summary>Counts the edits, and for a document also the attempts, so that passages of an older text are never taken for current ones.</summary>
    public int Revision { get; set; }

    public DateTime? IndexedAt { get; set; }

    /// <summary>Why the last attempt failed, in words for the reader. A failed row waits for an edit or <c>reindex</c>, and never blocks the next.</summary>
    public string? IndexError { get; set; }

    /// <summary>Queues the row again after its text changed.</summary>
    public virtual void MarkChanged()
    {
        Revision++;
        IndexedAt = null;
        IndexError = null;
    }
}

/// <summary>The same changes as setters for a bulk update.</summary>
internal static class IndexedSetters
{
    extension<T>(UpdateSettersBuilder<T> set) where T : Indexed
    {
        /// <summary><see cref="Indexed.MarkChanged"/> as setters for a bulk update.</summary>
        internal UpdateSettersBuilder<T> MarkChanged() => set.SetProperty(r => r.Revision, r => r.Revision + 1)
            .SetProperty(r => r.IndexedAt, (DateTime?)null).SetProperty(r => r.IndexError, (string?)null);
    }

    extension(UpdateSettersBuilder<Document> set)
    {
        /// <summary><see cref="Document.MarkChanged"/> as setters for a bulk update.</summary>
        internal UpdateSettersBuilder<Document> RequeueDocument() => set.MarkChanged().SetProperty(d => d.Attempts, 0)
            .SetProperty(d => d.PagesRead, 0).SetProperty(d => d.ChunksDone, 0).SetProperty(d => d.ChunksTotal, 0)
            .SetProperty(d => d.ClaimedUntil, (DateTime?)null).SetProperty(d => d.NextAttemptAt, (DateTime?)null);
    }
}
