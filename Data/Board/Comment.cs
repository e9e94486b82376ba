namespace Pybo.Data;

/// <summary>A short remark on one question or on one answer: exactly one of the two keys is set, which the table checks.</summary>
public sealed class Comment : Indexed
{
    public const int BodyMax = 1_000;

    /// <summary>The most comments of one post: its page shows all of them.</summary>
    public const int PerPostMax = 100;

    public long Id { get; init; }

    /// <summary>The question that it is on; null for a comment on an answer.</summary>
    public long? QuestionId { get; init; }

    public Question? Question { get; init; }

    /// <summary>The answer that it is on; null for a comment on a question.</summary>
    public long? AnswerId { get; init; }

    public Answer? Answer { get; init; }
    public required long AuthorId { get; init; }
    public User? Author { get; init; }
    public required string Body { get; set; }

    /// <summary>The body as shown on pages; null until it is rendered.</summary>
    public string? Html { get; set; }

    /// <summary>The version of the renderer that made <see cref="Html"/>; 0 for none.</summary>
    public int HtmlVersion { get; set; }

    public DateTime CreatedAt { get; init; } = DateTime.UtcNow;
    public DateTime? ModifiedAt { get; set; }
}
