using System.Globalization;
using Pybo.Data;
using Pybo.Pages.Resources;

namespace Pybo.Pages.Chat;

/// <summary>The list of conversations next to the chat.</summary>
/// <param name="Search">The searched words; empty for all conversations.</param>
/// <param name="ShownId">The conversation on the page; null on the page for a new one.</param>
public sealed record ConversationList(IReadOnlyList<ConversationRow> Rows, string Search, int Page, bool HasMore, long? ShownId)
{
    public const int SearchMax = 100;
    public const int PagesMax = 500;

    /// <summary>The rows under a heading each: pinned, and the others.</summary>
    public IEnumerable<(string Name, string Id, IEnumerable<ConversationRow> Rows)> Groups => Rows.GroupBy(row => row.IsPinned)
        .Select(group => group.Key ? (ChatWords.Pinned, "pinned", group) : (ChatWords.Recent, "recent", group.AsEnumerable()));

    public static async Task<ConversationList> LoadAsync(PyboDb db, long userId, long? shownId, CancellationToken ct, string? search = null, int page = 1)
    {
        var words = (search?.Trim() ?? "").Cut(SearchMax);
        var number = Math.Clamp(page, 1, PagesMax);
        var found = await db.ConversationsAsync(userId, words, number, ct);
        return new([.. found.Take(ConversationQueries.PageSize)], words, number, found.Count > ConversationQueries.PageSize, shownId);
    }

    public string PageUrl(int page) => Address.Of("/chat", ("page", page.ToString(CultureInfo.InvariantCulture)), ("q", Search.Length == 0 ? null : Search));
}
