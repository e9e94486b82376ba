namespace Pybo.Data;

/// <summary>A member's verdict on an answer in a conversation of theirs.</summary>
public sealed class TurnRating
{
    public const int ReasonMax = 500;

    public required long TurnId { get; init; }
    public required bool IsGood { get; init; }

    /// <summary>Empty if none was given.</summary>
    public string Reason { get; init; } = "";

    /// <summary>The member lets administrators read the question and the answer; otherwise they see the verdict, its reason, the model and the time.</summary>
    public bool ShowsText { get; init; }

    public DateTime RatedAt { get; init; } = DateTime.UtcNow;
}
