using Pybo.Pages.Shared;

namespace Pybo.Tests.Pages.Shared;

public sealed class PyboTimeTests
{
    [Theory]
    [InlineData("2026-11-22T02:13:00Z", "2026년 11월 22일 오전 11:13")]
    [InlineData("2026-11-21T15:00:00Z", "2026년 11월 22일 오전 12:00")]
    [InlineData("2026-11-22T03:05:00Z", "2026년 11월 22일 오후 12:05")]
    [InlineData("2026-12-31T15:30:00Z", "2027년 1월 1일 오전 12:30")]
    public void A_time_is_written_as_in_the_book_in_Korean_time(string utc, string written) =>
        Assert.Equal(written, PyboTime.Written(DateTimeOffset.Parse(utc, System.Globalization.CultureInfo.InvariantCulture).UtcDateTime, dayOnly: false));
}
