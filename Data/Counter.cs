namespace Pybo.Data;

/// <summary>A total kept by triggers, so that no page counts a table.</summary>
public sealed class Counter
{
    public const string Questions = "questions";
    public const string UnansweredQuestions = "unanswered-questions";

    /// <summary>Questions restored after they were deleted; missing while there was none.</summary>
    public const string RestoredQuestions = "restored-questions";

    /// <summary>Passages deleted since the FTS5 table was last merged: <see cref="DeletedText"/>.</summary>
    public const string DeletedPassages = "deleted-passages";

    public required string Name { get; init; }
    public long Value { get; private set; }
}
