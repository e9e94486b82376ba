namespace Pybo.Data;

/// <summary>
/// One version of an edited question or answer, the present one included: exactly one of the two keys is set, which the table checks. A post that was never
/// edited has none.
/// </summary>
public sealed class PostRevision
{
    /// <summary>The most versions of one post: an edit beyond it removes the oldest.</summary>
    public const int PerPostMax = 100;

    /// <summary>The most characters of the names of a question's tags with their separators.</summary>
    public const int TagsMax = (Tag.NameMax + 2) * TagNames.PerQuestionMax;

    public long Id { get; init; }

    /// <summary>The question; null for a version of an answer.</summary>
    public long? QuestionId { get; init; }

    /// <summary>The answer; null for a version of a question.</summary>
    public long? AnswerId { get; init; }

    /// <summary>From 1 for the text as it was first posted. Numbers of removed versions are not given again while a later one is there.</summary>
    public required int Number { get; init; }

    /// <summary>Empty for an answer.</summary>
    public required string Title { get; init; }

    public required string Body { get; init; }

    /// <summary>The names of the tags, separated by commas: <see cref="TagNames.Joined"/>. Empty for an answer.</summary>
    public required string Tags { get; init; }

    /// <summary>Who saved this version; null if that member is gone.</summary>
    public long? EditorId { get; init; }

    public User? Editor { get; init; }
    public DateTime SavedAt { get; init; } = DateTime.UtcNow;
}
