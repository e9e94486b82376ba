using System.Globalization;
using Pybo.Data;

namespace Pybo.Pages.Resources;

/// <summary>A <see cref="Notice"/> in the reader's language.</summary>
internal static class NoticeWords
{
    /// <summary>More places than any sentence has. A line from a reading process may bring fewer values than its sentence has places.</summary>
    private const int PlacesMax = 8;

    public static string Of(Notice notice)
    {
        var values = notice.Values.Select(value => value is Notice inner ? Of(inner) : value).Concat(Enumerable.Repeat((object)"", PlacesMax));
        // A code that a newer version stored is shown as it is.
        return ProblemWords.ResourceManager.GetString(notice.Code, CultureInfo.CurrentUICulture) is { } sentence
            ? sentence.Form(notice.Values is [long count, ..] ? count : 0).With([.. values])
            : notice.Code;
    }

    /// <summary>What is stored: a notice, or the words of an older version.</summary>
    public static string OfStored(string stored) => Notice.Parse(stored) is { } notice ? Of(notice) : stored;

    public static string? OfStoredOrNone(string? stored) => stored is null ? null : OfStored(stored);
}
