namespace Pybo.Data;

/// <summary>A subject that questions are marked with. One without questions, description and synonyms is removed by a trigger.</summary>
public sealed class Tag
{
    /// <summary>In UTF-16 units.</summary>
    public const int NameMax = 30;

    public const int DescriptionMax = 500;

    public long Id { get; init; }

    /// <summary>Normalised: <see cref="TagNames"/>.</summary>
    public required string Name { get; init; }

    /// <summary>The name as it is searched: <see cref="InitialConsonants.Of"/>.</summary>
    public required string Initials { get; init; }

    /// <summary>An administrator's plain text; empty without one.</summary>
    public string Description { get; set; } = "";

    /// <summary>Kept by triggers, so that the list of tags never counts.</summary>
    public int QuestionCount { get; private set; }
}

/// <summary>A tag of a question.</summary>
public sealed class QuestionTag
{
    public required long QuestionId { get; init; }
    public required long TagId { get; init; }
    public Tag? Tag { get; init; }

    /// <summary>Its place among the question's tags, from 0, as typed.</summary>
    public required int Place { get; init; }
}
