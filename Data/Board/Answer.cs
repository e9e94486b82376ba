namespace Pybo.Data;

public sealed class Answer : Indexed
{
    public const int BodyMax = 30_000;

    public long Id { get; init; }
    public required long QuestionId { get; init; }
    public Question? Question { get; init; }
    public required long AuthorId { get; init; }
    public User? Author { get; init; }
    public required string Body { get; set; }

    /// <summary>The body as shown on pages; null until it is rendered.</summary>
    public string? Html { get; set; }

    /// <summary>The version of the renderer that made <see cref="Html"/>; 0 for none.</summary>
    public int HtmlVersion { get; set; }

    public DateTime CreatedAt { get; init; } = DateTime.UtcNow;
    public DateTime? ModifiedAt { get; set; }

    /// <summary>The up votes less the down votes. Kept by triggers, so that sorting needs no counting.</summary>
    public int VoteCount { get; private set; }

    public List<AnswerVote> Votes { get; } = [];
}

/// <summary>One member's vote on an answer; the key allows only one.</summary>
public sealed class AnswerVote
{
    public required long AnswerId { get; init; }
    public required long UserId { get; init; }

    /// <inheritdoc cref="QuestionVote.Value"/>
    public int Value { get; init; } = 1;
}
