using System.Globalization;
using System.Security.Claims;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Unicode;
using Microsoft.AspNetCore.Http.HttpResults;
using Pybo.Data;
using Pybo.Pages.Resources;

namespace Pybo.Pages.Chat;

/// <summary>Downloads of a conversation's path, <c>/chat/{id}/export.md</c> and <c>.json</c>: what its member may see now, with the addresses of sources within the site.</summary>
internal static class ChatExport
{
    public const string Markdown = "md";
    public const string Json = "json";

    public static void MapChatExport(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/chat/{id:long}/export.md", (long id, long? turn, ClaimsPrincipal user, PyboDb db, CancellationToken ct) =>
            SendAsync(id, turn, user, db, path => Encoding.UTF8.GetBytes(MarkdownOf(path)), "text/markdown; charset=utf-8", Markdown, ct)).RequireAuthorization();
        routes.MapGet("/chat/{id:long}/export.json", (long id, long? turn, ClaimsPrincipal user, PyboDb db, CancellationToken ct) =>
            SendAsync(id, turn, user, db, path => JsonSerializer.SerializeToUtf8Bytes(ExportOf(path), ExportJson.Readable.ExportedConversation), "application/json", Json, ct)).RequireAuthorization();
    }

    /// <param name="id">The conversation.</param>
    /// <param name="turnId">A turn of the path; null for the newest path.</param>
    /// <param name="format"><see cref="Markdown"/> or <see cref="Json"/>.</param>
    public static string Url(long id, long? turnId, string format) => Address.Of($"{ChatUrl.Of(id)}/export.{format}", ("turn", turnId?.ToString(CultureInfo.InvariantCulture)));

    private static async Task<Results<FileContentHttpResult, NotFound>> SendAsync(
        long id, long? turnId, ClaimsPrincipal user, PyboDb db, Func<ConversationPath, byte[]> write, string contentType, string extension, CancellationToken ct) =>
        user.MemberId is { } member && await db.ConversationPathAsync(id, member, turnId, ct) is { } path
            ? TypedResults.File(write(path), contentType, string.Create(CultureInfo.InvariantCulture, $"chat-{id}.{extension}"))
            : TypedResults.NotFound();

    private static string MarkdownOf(ConversationPath path)
    {
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"# {path.Conversation.Title}\n");
        foreach (var turn in path.Turns)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n## {ChatWords.Question}\n\n{turn.Question.Trim()}\n\n## {ChatWords.Answer}\n");
            text.Append(CultureInfo.InvariantCulture, $"\n{TurnView.AnswerOf(turn.Answer).Trim()}\n");
            var cited = turn.Citations.Where(c => c.Quote is not null).ToList();
            if (cited.Count > 0)
            {
                text.Append(CultureInfo.InvariantCulture, $"\n### {ChatWords.Sources}\n\n");
                foreach (var citation in cited)
                {
                    text.Append(CultureInfo.InvariantCulture, $"- \\[{citation.Number}\\] {(citation.IsGone ? TurnView.TitleOf(citation.Title) : $"[{TurnView.Escaped(citation.Title)}]({citation.Url})")}\n");
                    foreach (var line in citation.Quote!.Split('\n', StringSplitOptions.RemoveEmptyEntries))
                    {
                        text.Append(CultureInfo.InvariantCulture, $"  > {line}\n");
                    }
                }
            }
        }

        return text.ToString();
    }

    private static ExportedConversation ExportOf(ConversationPath path) => new(path.Conversation.Title, path.Conversation.CreatedAt,
        [.. path.Turns.Select(turn => new ExportedTurn(
            turn.Question, turn.CreatedAt, TurnView.AnswerOf(turn.Answer), turn.State, turn.Refused, turn.Model, turn.AnsweredAt,
            [.. turn.Citations.Select(c => new ExportedSource(c.Number, c.Kind, TurnView.TitleOf(c.Title), c.IsGone ? null : c.Url, c.Page, c.Quote, c.IsGone))]))]);
}

internal sealed record ExportedConversation(string Title, DateTime CreatedAt, IReadOnlyList<ExportedTurn> Turns);

internal sealed record ExportedTurn(
    string Question, DateTime AskedAt, string Answer, TurnState State, bool Refused, string? Model, DateTime? AnsweredAt, IReadOnlyList<ExportedSource> Sources);

/// <param name="Url">The address within the site; null with <paramref name="IsGone"/>.</param>
/// <param name="Quote">The words that the answer quotes; null for a source that was found but not cited.</param>
internal sealed record ExportedSource(int Number, PassageKind Kind, string Title, string? Url, int? Page, string? Quote, bool IsGone);

[JsonSerializable(typeof(ExportedConversation))]
internal sealed partial class ExportJson : JsonSerializerContext
{
    /// <summary>Writes Hangul unescaped, on lines of its own.</summary>
    public static ExportJson Readable { get; } = new(new JsonSerializerOptions(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter<TurnState>(), new JsonStringEnumConverter<PassageKind>() },
        Encoder = JavaScriptEncoder.Create(UnicodeRanges.All),
        WriteIndented = true,
    });
}
