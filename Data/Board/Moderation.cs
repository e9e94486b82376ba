namespace Pybo.Data;

/// <summary>Why a question takes no more answers; stored, so numbers stay.</summary>
public enum CloseReason
{
    Duplicate = 1,
    OffTopic = 2,
    Unclear = 3,

    /// <summary>Solved elsewhere, or no longer asked.</summary>
    Settled = 4,
    Other = 5,
}

/// <summary>What was done to a thread; stored, so numbers stay.</summary>
public enum ModerationKind
{
    Closed = 1,
    Reopened = 2,
    Locked = 3,
    Unlocked = 4,
    Pinned = 5,
    Unpinned = 6,
    MadeNotice = 7,
    NoNotice = 8,
    Merged = 9,
}

/// <summary>One act of an administrator, or of an asker, on a thread: who did what and when.</summary>
public sealed class ModerationAct
{
    /// <summary>The newest that a thread keeps.</summary>
    public const int PerQuestionMax = 100;

    public long Id { get; init; }
    public required long QuestionId { get; init; }
    public required long? ActorId { get; init; }
    public User? Actor { get; init; }
    public required ModerationKind Kind { get; init; }

    /// <summary>What was said with it; empty for nothing.</summary>
    public required string Note { get; init; }
    public DateTime CreatedAt { get; init; } = DateTime.UtcNow;
}
