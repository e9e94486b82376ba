namespace Pybo.Data;

/// <summary>
/// A deleted question, answer or comment that can be restored. Its rows are deleted from their tables at once, as if for good, so that no query has to leave it
/// out; copies of them wait in <see cref="DeletedRow"/>. After <see cref="KeptFor"/> they are erased.
/// </summary>
public sealed class DeletedPost
{
    public static readonly TimeSpan KeptFor = TimeSpan.FromDays(30);

    public long Id { get; init; }
    public required PassageKind Kind { get; init; }

    /// <summary>Its id, which no other post is given.</summary>
    public required long PostId { get; init; }

    /// <summary>The question of its thread; the post itself for a question.</summary>
    public required long QuestionId { get; init; }

    public required string Title { get; init; }

    /// <summary>The beginning of its markdown: <see cref="RecentPosts.BeginningMax"/>.</summary>
    public required string Beginning { get; init; }

    public required long AuthorId { get; init; }
    public User? Author { get; init; }
    public long? DeletedById { get; set; }
    public User? DeletedBy { get; init; }
    public DateTime DeletedAt { get; init; } = DateTime.UtcNow;

    /// <summary>The names of a question's tags: <see cref="TagNames.Joined"/>.</summary>
    public string Tags { get; set; } = "";

    /// <summary>The accepted answer that went with it.</summary>
    public long? AcceptedAnswerId { get; init; }

    public List<DeletedRow> Rows { get; } = [];
}

/// <summary>A row that was deleted with a post: <see cref="DeletedTables"/>.</summary>
public sealed class DeletedRow
{
    public long Id { get; init; }
    public required long DeletedPostId { get; init; }
    public required string TableName { get; init; }

    /// <summary>The member whose row it is, with whom it goes; null for none.</summary>
    public long? OwnerId { get; init; }

    /// <summary>The row's columns as a JSON object.</summary>
    public required string Json { get; init; }
}
