using System.Globalization;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Pybo.Tests.Pages;

namespace Pybo.Tests.Upgrades;

/// <summary>Reads the pages of a site of any version into <see cref="SampleSite"/>: used to make the sample, and to compare with it.</summary>
internal static class Site22acbdePages
{
    public static string Folded(this INode node) => string.Join(' ', node.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    public static async Task<SampleConversation> ReadConversationAsync(Visitor member, string name, long id)
    {
        var page = await member.SeeAsync($"/chat/{id.ToString(CultureInfo.InvariantCulture)}");
        var turns = page.QuerySelectorAll("article.turn").Select(turn => new SampleTurn(
            turn.QuerySelector(".turn-question")!.Folded(),
            turn.QuerySelector(".turn-answer")?.Folded() ?? "",
            [.. turn.QuerySelectorAll("blockquote.source-quote").Select(quote => new SampleCitation(quote.Closest(".source")!.QuerySelector(".source-title a")!.Folded(), quote.Folded()))]));
        return new(id, name, page.QuerySelector("main p.soft")?.Folded(), [.. turns]);
    }

    /// <summary>Reads the list's row first: reading the page counts as a view.</summary>
    public static async Task<SampleQuestion> ReadQuestionAsync(Visitor visitor, long id)
    {
        var row = await RowAsync(visitor, id);
        var page = await visitor.SeeAsync($"/questions/{id}");
        var question = page.QuerySelector("article.question")!;
        return new(id, question.QuerySelector("h1")!.Folded(), question.QuerySelector(".post-meta a")!.Folded(), Votes(question), Number(row, "조회"),
            row.QuerySelector(".accepted-mark") is not null, question.QuerySelector(".prose")!.Folded(),
            [.. page.QuerySelectorAll("article.answer").Select(answer => new SampleAnswer(answer.QuerySelector(".post-meta a")!.Folded(), Votes(answer), answer.ClassList.Contains("is-accepted"), answer.QuerySelector(".prose")!.Folded()))]);
    }

    /// <summary>As the list shows it, without opening the question.</summary>
    public static async Task<int> ReadViewsAsync(Visitor visitor, long id) => Number(await RowAsync(visitor, id), "조회");

    /// <summary>The targets of a search, without the passage, whose number may change.</summary>
    public static async Task<IReadOnlyList<string>> FindAsync(Visitor visitor, string words)
    {
        var page = await visitor.SeeAsync($"/search?q={Uri.EscapeDataString(words)}");
        return [.. page.QuerySelectorAll<IHtmlAnchorElement>(".results .result-title a").Select(a => a.GetAttribute("href")!.Split('?', '#')[0])];
    }

    private static async Task<IElement> RowAsync(Visitor visitor, long id) =>
        (await visitor.SeeAsync("/questions")).QuerySelector($".question-list a[href^='/questions/{id.ToString(CultureInfo.InvariantCulture)}/']")!.Closest("li")!;

    private static int Votes(IElement post) => int.Parse(post.QuerySelector(".vote-count")!.TextContent, CultureInfo.InvariantCulture);

    private static int Number(IElement row, string label) =>
        int.Parse(row.QuerySelectorAll(".post-meta span").Select(s => s.TextContent).First(t => t.StartsWith(label, StringComparison.Ordinal))[label.Length..], NumberStyles.AllowThousands | NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture);
}
