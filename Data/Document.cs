namespace Pybo.Data;

/// <summary>An ingested file: its original bytes, and the plain text that its passages point into.</summary>
public sealed class Document : Indexed
{
    public const int PathMax = 1024;
    public const int TitleMax = 300;

    public long Id { get; init; }

    /// <summary>The file's path as it was ingested; ingesting the same path again replaces the document.</summary>
    public required string Path { get; init; }

    public required string Title { get; set; }

    /// <summary>Who may read it: <see cref="Data.Audience"/>.</summary>
    public long Audience { get; set; }

    /// <summary>SHA-256 of <see cref="Content"/>: an unchanged file is not read again.</summary>
    public required byte[] Hash { get; set; }

    public DateTime CreatedAt { get; init; } = DateTime.UtcNow;
    public DateTime? ModifiedAt { get; set; }

    /// <summary>The plain text that was read from <see cref="Content"/>; null until the worker has read it.</summary>
    public string? Text { get; set; }

    public required byte[] Content { get; set; }
}
