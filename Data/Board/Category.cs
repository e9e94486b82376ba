namespace Pybo.Data;

/// <summary>A part of the board (분류) with its own readers. Every question is in one.</summary>
public sealed class Category
{
    /// <summary>The most categories of a site: a search looks for its words once for each group that reads one.</summary>
    public const int CountMax = 50;

    /// <summary>In UTF-16 units.</summary>
    public const int NameMax = 30;

    public const int SlugMax = 40;
    public const int DescriptionMax = 500;

    /// <summary>The id of the category that every site begins with. It may be deleted like any other.</summary>
    public const long FirstId = 1;

    public long Id { get; init; }
    public required string Name { get; set; }

    /// <summary>The name in addresses: <see cref="CategoryNames.SlugOf"/>.</summary>
    public required string Slug { get; set; }

    /// <summary>Plain text; empty without one.</summary>
    public string Description { get; set; } = "";

    /// <summary>Its place in lists; of equal ones the older is first.</summary>
    public int Position { get; set; }

    /// <summary>Who may read it: <see cref="Data.Audience"/>, everyone, members or one group.</summary>
    public long Audience { get; set; }

    /// <summary>Kept by triggers, so that no list counts.</summary>
    public int QuestionCount { get; private set; }
}

/// <summary>Members who may read the categories of this group. Administrators read the categories of every group.</summary>
public sealed class MemberGroup
{
    /// <summary>The most groups of a site.</summary>
    public const int CountMax = 100;

    /// <summary>In UTF-16 units.</summary>
    public const int NameMax = 30;

    /// <summary>The most members of one group.</summary>
    public const int MembersMax = 5_000;

    public long Id { get; init; }
    public required string Name { get; set; }
    public List<GroupMember> Members { get; } = [];
}

/// <summary>A member of a group.</summary>
public sealed class GroupMember
{
    public required long GroupId { get; init; }
    public required long UserId { get; init; }
    public User? User { get; init; }
}
