namespace Pybo.Data;

/// <summary>A total that triggers keep, so that no page counts a table.</summary>
public sealed class Counter
{
    public const string Questions = "questions";
    public const string UnansweredQuestions = "unanswered-questions";

    /// <summary>Passages that were deleted since the table of words was merged the last time: <see cref="DeletedText"/>.</summary>
    public const string DeletedPassages = "deleted-passages";

    public required string Name { get; init; }
    public long Value { get; private set; }
}
