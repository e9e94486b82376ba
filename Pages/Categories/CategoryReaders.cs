using System.Globalization;
using Pybo.Data;
using Pybo.Pages.Resources;

namespace Pybo.Pages.Categories;

/// <summary>Addresses of categories, and words and form values for their readers.</summary>
public static class CategoryReaders
{
    private const string Everyone = "everyone";
    private const string Members = "members";
    private const string GroupStart = "group-";

    public static string AddressOf(string slug) => $"/categories/{Uri.EscapeDataString(slug)}";

    /// <summary>Returns the mark of a category that not everyone may read; null for others. It does not name the group.</summary>
    public static string? MarkOf(long audience) => audience switch
    {
        Audience.Everyone => null,
        Audience.Members => BoardWords.ReadersMembers,
        _ => BoardWords.ReadersGroup,
    };

    /// <summary>Returns the choices of an administrator, each with its form value.</summary>
    public static IEnumerable<(string Value, string Label, long Audience)> Choices(IEnumerable<GroupRow> groups) =>
    [
        (Everyone, AdminWords.ReadersEveryone, Audience.Everyone),
        (Members, AdminWords.ReadersMembers, Audience.Members),
        .. groups.Select(group => (GroupStart + group.Id.ToString(CultureInfo.InvariantCulture), AdminWords.ReadersGroup.With(group.Name), Audience.OfGroup(group.Id))),
    ];

    /// <summary>Reads a form value; null for any other text.</summary>
    public static long? AudienceOf(string? value) => value switch
    {
        Everyone => Audience.Everyone,
        Members => Audience.Members,
        not null when value.StartsWith(GroupStart, StringComparison.Ordinal) && long.TryParse(value.AsSpan(GroupStart.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var id) && id > 0 => Audience.OfGroup(id),
        _ => null,
    };
}
