using System.Globalization;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Pybo.Pages.Shared;

/// <summary><c>&lt;pybo-time value="question.CreatedAt" /&gt;</c>: Korean time until <c>site.js</c> rewrites it in the reader's own zone.</summary>
[HtmlTargetElement("pybo-time", TagStructure = TagStructure.WithoutEndTag)]
public sealed class PyboTime : TagHelper
{
    /// <summary>Korea has one zone and no summer time, so no zone table is needed.</summary>
    private static readonly TimeSpan Korea = TimeSpan.FromHours(9);

    /// <summary>In UTC, as the database keeps it.</summary>
    [HtmlAttributeName("value")]
    public DateTime Value { get; set; }

    /// <summary>The day alone.</summary>
    [HtmlAttributeName("day-only")]
    public bool DayOnly { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.TagName = "time";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("datetime", Value.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
        if (DayOnly)
        {
            output.Attributes.SetAttribute("data-day-only", string.Empty);
        }

        output.Content.SetContent(DayOnly ? Day(Value) : DayAndTime(Value));
    }

    /// <summary>2026년 11월 22일 오전 11:13</summary>
    internal static string DayAndTime(DateTime utc)
    {
        var there = utc + Korea;
        var hour = there.Hour % 12 == 0 ? 12 : there.Hour % 12;
        return string.Create(CultureInfo.InvariantCulture, $"{Day(utc)} {(there.Hour < 12 ? "오전" : "오후")} {hour}:{there.Minute:00}");
    }

    private static string Day(DateTime utc)
    {
        var there = utc + Korea;
        return string.Create(CultureInfo.InvariantCulture, $"{there.Year}년 {there.Month}월 {there.Day}일");
    }
}
