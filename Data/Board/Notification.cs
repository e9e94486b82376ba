namespace Pybo.Data;

/// <summary>Why a member is told of something; stored, so numbers stay.</summary>
public enum NotificationKind
{
    /// <summary>A followed question has a new answer.</summary>
    Answered = 1,

    /// <summary>A followed question, or one of its answers, has a new comment.</summary>
    Commented = 2,

    /// <summary>A post names the member: <c>@name</c>.</summary>
    Mentioned = 3,

    /// <summary>The member's answer was accepted.</summary>
    Accepted = 4,

    /// <summary>There is a new question with a followed tag.</summary>
    Asked = 5,

    /// <summary>The member's question was closed by someone else.</summary>
    Closed = 6,

    /// <summary>The member's question was merged into another one.</summary>
    Merged = 7,

    /// <summary>Another member edited the member's post.</summary>
    Edited = 8,

    /// <summary>A followed member asked.</summary>
    MemberAsked = 9,
}

/// <summary>What a member is told. It goes with the post that it is about, and with the member who wrote that.</summary>
public sealed class Notification
{
    /// <summary>The newest that a member keeps.</summary>
    public const int PerMemberMax = 300;

    public long Id { get; init; }
    public required long UserId { get; init; }
    public required NotificationKind Kind { get; init; }
    public required long ActorId { get; init; }
    public User? Actor { get; init; }
    public required long QuestionId { get; init; }
    public Question? Question { get; init; }

    /// <summary>The answer that it is about; null for another post.</summary>
    public long? AnswerId { get; init; }

    /// <summary>The comment that it is about; null for another post.</summary>
    public long? CommentId { get; init; }
    public DateTime CreatedAt { get; init; } = DateTime.UtcNow;
    public bool IsRead { get; set; }
}
