namespace Pybo.Data;

/// <summary>A question that the administrator offers above the chat's box.</summary>
public sealed class PromptPreset
{
    public const int TitleMax = 40;

    /// <summary>The most presets: what fits above the box without hiding it.</summary>
    public const int CountMax = 12;

    public long Id { get; init; }
    public required string Title { get; init; }

    /// <summary>What fills the box.</summary>
    public required string Text { get; init; }
}
