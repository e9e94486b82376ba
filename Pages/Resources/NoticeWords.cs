using System.Globalization;
using Pybo.Data;

namespace Pybo.Pages.Resources;

/// <summary>Formats a <see cref="Notice"/> in the reader's language.</summary>
internal static class NoticeWords
{
    /// <summary>More placeholders than any sentence has. A line from a reading process may have fewer values than its sentence has placeholders.</summary>
    private const int PlacesMax = 8;

    public static string Of(Notice notice)
    {
        var values = notice.Values.Select(value => value is Notice inner ? Of(inner) : value).Concat(Enumerable.Repeat((object)"", PlacesMax));
        // An unknown code, stored by a newer version, is shown unchanged.
        return ProblemWords.ResourceManager.GetString(notice.Code, CultureInfo.CurrentUICulture) is { } sentence
            ? sentence.Form(notice.Values is [long count, ..] ? count : 0).With([.. values])
            : notice.Code;
    }

    /// <summary>Returns the words of a stored value: a notice, or an older version's text.</summary>
    public static string OfStored(string stored) => Notice.Parse(stored) is { } notice ? Of(notice) : stored;

    public static string? OfStoredOrNone(string? stored) => stored is null ? null : OfStored(stored);
}
