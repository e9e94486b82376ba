using Pybo.Data;
using Pybo.Pages.Resources;

namespace Pybo.Tests;

/// <summary>The text that a reader of the tests' language sees.</summary>
internal static class Telling
{
    public static string Said(this Notice notice) => NoticeWords.Of(notice);

    public static string Said(this Exception error) => NoticeWords.OfStored(error.Message);

    public static IReadOnlyList<string> Said(this IEnumerable<Notice> notices) => [.. notices.Select(Said)];
}
