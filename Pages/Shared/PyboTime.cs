using System.Globalization;
using Microsoft.AspNetCore.Html;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Razor.TagHelpers;
using Pybo.Pages.Resources;

namespace Pybo.Pages.Shared;

/// <summary><c>&lt;pybo-time value="question.CreatedAt" /&gt;</c>: a time in the reader's language, in Korean time until <c>site.js</c> rewrites it in the reader's own zone.</summary>
[HtmlTargetElement("pybo-time", TagStructure = TagStructure.WithoutEndTag)]
public sealed class PyboTime : TagHelper
{
    /// <summary>Korea has one zone and no summer time, so no zone table is needed.</summary>
    private static readonly TimeSpan Korea = TimeSpan.FromHours(9);

    /// <summary>In UTC, as in the database.</summary>
    [HtmlAttributeName("value")]
    public DateTime Value { get; set; }

    /// <summary>True to show only the day.</summary>
    [HtmlAttributeName("day-only")]
    public bool DayOnly { get; set; }

    /// <summary>The name that search engines know the time by (schema.org), if any.</summary>
    [HtmlAttributeName("item-property")]
    public string? ItemProperty { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.TagName = null;
        output.Content.SetHtmlContent(Html(Value, DayOnly, ItemProperty));
    }

    /// <summary>Returns the element for a sentence that contains a time.</summary>
    internal static IHtmlContent Html(DateTime utc, bool dayOnly = false, string? itemProperty = null)
    {
        var time = new TagBuilder("time");
        time.Attributes["datetime"] = utc.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        if (dayOnly)
        {
            time.Attributes["data-day-only"] = string.Empty;
        }

        if (itemProperty is not null)
        {
            time.Attributes["itemprop"] = itemProperty;
        }

        time.InnerHtml.Append(Written(utc, dayOnly));
        return time;
    }

    /// <summary>For example 2026년 11월 22일 오전 11:13.</summary>
    internal static string Written(DateTime utc, bool dayOnly) => (utc + Korea).ToString(dayOnly ? CommonWords.DayFormat : CommonWords.MomentFormat, CultureInfo.CurrentCulture);
}
