namespace Pybo.Data;

public sealed class Question : Indexed
{
    public const int TitleMax = 200;
    public const int BodyMax = 30_000;

    public long Id { get; init; }
    public required long AuthorId { get; init; }
    public User? Author { get; init; }
    public long CategoryId { get; set; } = Data.Category.FirstId;
    public Category? Category { get; init; }
    public required string Title { get; set; }
    public required string Body { get; set; }

    /// <summary>The body as shown on pages; null until it is rendered.</summary>
    public string? Html { get; set; }

    /// <summary>The version of the renderer that made <see cref="Html"/>; 0 for none.</summary>
    public int HtmlVersion { get; set; }

    public DateTime CreatedAt { get; init; } = DateTime.UtcNow;
    public DateTime? ModifiedAt { get; set; }
    public int Views { get; set; }

    /// <summary>The up votes less the down votes. Kept by triggers, so that the list sorts by an index and never counts.</summary>
    public int VoteCount { get; private set; }

    /// <summary>Kept by triggers.</summary>
    public int AnswerCount { get; private set; }

    /// <summary>Null while the question takes answers.</summary>
    public CloseReason? ClosedReason { get; set; }

    public string? ClosedNote { get; set; }
    public long? ClosedById { get; set; }
    public User? ClosedBy { get; init; }
    public DateTime? ClosedAt { get; set; }

    /// <summary>The question that this one repeats.</summary>
    public long? OriginalId { get; set; }

    /// <summary>Only administrators change a locked thread.</summary>
    public bool IsLocked { get; set; }

    /// <summary>Since when it is first in the lists; null if it is not.</summary>
    public DateTime? PinnedAt { get; set; }

    /// <summary>True for what the site announces: pinned, and without answers.</summary>
    public bool IsNotice { get; set; }

    public long? AcceptedAnswerId { get; set; }
    public Answer? AcceptedAnswer { get; init; }
    public List<Answer> Answers { get; } = [];
    public List<QuestionVote> Votes { get; } = [];
    public List<QuestionTag> Tags { get; } = [];
}

/// <summary>One member's vote on a question; the key allows only one.</summary>
public sealed class QuestionVote
{
    public required long QuestionId { get; init; }
    public required long UserId { get; init; }

    /// <summary>1 for an up vote, −1 for a down vote.</summary>
    public int Value { get; init; } = 1;
}
