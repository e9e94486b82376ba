using Pybo.Data;

namespace Pybo.Rag.Chat;

/// <summary>Builds the address, within the site, of a passage's exact place; the pages know it.</summary>
public delegate string SourceAddress(PassageHit hit);

/// <summary>What an answer or a comment on the board is in its thread.</summary>
public enum AnswerRole
{
    /// <summary>The source is neither.</summary>
    None,

    /// <summary>The asker accepted it.</summary>
    Accepted,

    /// <summary>The asker wrote it after accepting another, usually to correct it.</summary>
    Correction,

    /// <summary>The best one of a thread without an accepted answer.</summary>
    Best,

    /// <summary>Another answer: it may contradict the accepted one.</summary>
    Other,

    /// <summary>A comment on the question or on an answer.</summary>
    Comment,
}

/// <summary>A numbered source of an answer.</summary>
/// <param name="Number">From 1, as in the answer's <c>[n]</c>.</param>
/// <param name="Passage">The text the generator reads; neighbouring passages may be joined into it.</param>
/// <param name="Url">The exact place on this site.</param>
/// <param name="Source">The file's path as ingested, or the post's address.</param>
/// <param name="Role">What it is in its thread.</param>
public sealed record ChatSource(int Number, PassageHit Passage, string Url, string Source, AnswerRole Role = AnswerRole.None);
