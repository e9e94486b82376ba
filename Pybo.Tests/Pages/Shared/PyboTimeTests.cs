using System.Globalization;
using Pybo.Pages.Shared;

namespace Pybo.Tests.Pages.Shared;

public sealed class PyboTimeTests
{
    [Theory]
    [InlineData("2026-11-22T02:13:00Z", "2026년 11월 22일 오전 11:13", "Nov 22, 2026, 11:13 AM")]
    [InlineData("2026-11-21T15:00:00Z", "2026년 11월 22일 오전 12:00", "Nov 22, 2026, 12:00 AM")]
    [InlineData("2026-11-22T03:05:00Z", "2026년 11월 22일 오후 12:05", "Nov 22, 2026, 12:05 PM")]
    [InlineData("2026-12-31T15:30:00Z", "2027년 1월 1일 오전 12:30", "Jan 1, 2027, 12:30 AM")]
    public void A_time_is_written_in_the_readers_language_in_Korean_time(string utc, string korean, string english)
    {
        Assert.Equal(korean, Written("ko"));
        Assert.Equal(english, Written("en"));

        string Written(string language)
        {
            CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(language);
            return PyboTime.Written(DateTimeOffset.Parse(utc, CultureInfo.InvariantCulture).UtcDateTime, dayOnly: false);
        }
    }
}
