using System.Net;
using Pybo.Tests.Pages;
using Pybo.Tests.Pages.Chat;
using Pybo.Tests.Pages.Documents;
using Pybo.Tests.Pages.Terminal;

namespace Pybo.Tests.Attacks;

/// <summary>Looks for text that was deleted or edited away: in other people's chats, in the streams of their turns, in searches, and in the bytes of the file.</summary>
public sealed class GoneTextAttackTests
{
    private const string Topic = "승강기 점검 절차";
    private const string Kept = "승강기 점검은 해마다 봄에 한다.";
    private const string Question = "승강기 점검은 무슨 암호를 대고 시작하나요?";

    /// <summary>Occurs in no other text; the table of words may keep only the end of one of its terms.</summary>
    private const string Word = "zqxwvjkpq";

    private const string WordEnd = "xwvjkpq";
    private const string Syllable = "뷁";

    /// <summary>The terms of Hangul are syllable pairs.</summary>
    private const string Pair = "뷁쿍";

    private const string Secret = $"승강기 점검은 {Word} {Pair}이라는 암호를 대고 시작한다.";

    [Theory]
    [InlineData("question", "Delete")]
    [InlineData("question", "Edit")]
    [InlineData("answer", "Delete")]
    [InlineData("answer", "Edit")]
    [InlineData("answer", "Question")]
    [InlineData("comment", "Delete")]
    [InlineData("comment", "Edit")]
    [InlineData("comment", "Answer")]
    [InlineData("comment", "Question")]
    [InlineData("document", "Delete")]
    [InlineData("document", "Ingest")]
    public async Task Removed_text_is_found_in_no_chat_no_stream_no_search_and_not_in_the_file(string source, string way)
    {
        await using var site = new PyboSite();
        var owner = await site.SignUpAsync("글쓴이");
        var reader = await site.SignUpAsync("읽은이");
        var address = await WriteAsync(site, owner, source, way);
        await site.UntilCountAsync($"select count(*) from Passages where Text like '%{Word}%'");

        using var asked = await reader.PostFormAsync("/chat", [new("Input.Question", Question)]);
        var conversation = asked.Headers.Location!.OriginalString;
        var (conversationId, turn) = ChatSite.Place(asked);
        await site.UntilCountAsync($"select count(*) from Turns where Id = {turn} and State >= 2");
        Assert.Contains(Word, await EverythingAsync(), StringComparison.Ordinal);
        // An answer never quotes a question's text.
        Assert.Equal(source == "question" ? 0 : 1, (await reader.SeeAsync($"/chat?q={Word}")).QuerySelectorAll(".conversation-title").Length);
        using var shared = await reader.PostFormAsync($"/chat/{conversationId}?handler=Share", [], page: $"/chat/{conversationId}");
        var link = (await reader.SeeAsync($"/chat/{conversationId}")).QuerySelector("[data-share-link]")!.GetAttribute("href")!;

        await TakeAwayAsync(site, owner, source, way, address);
        var after = await EverythingAsync();
        Assert.DoesNotContain(Word, after, StringComparison.Ordinal);
        Assert.DoesNotContain(Syllable, after, StringComparison.Ordinal);
        Assert.DoesNotContain(Word, (await site.Visit().SeeAsync(link)).DocumentElement.OuterHtml, StringComparison.Ordinal);
        Assert.Empty((await reader.SeeAsync($"/chat?q={Word}")).QuerySelectorAll(".conversation-title"));
        var found = (await site.Visit().SeeAsync($"/search?q={Word}")).Body!.TextContent;
        Assert.DoesNotContain(Syllable, found, StringComparison.Ordinal);
        using var next = await reader.PostFormAsync($"/chat/{conversationId}", [new("Input.Question", "그 암호를 다시 말해 줘.")]);
        Assert.DoesNotContain(Syllable, await EverythingAsync(), StringComparison.Ordinal);

        // A deleted post can be restored until an administrator erases it.
        if ((source, way) switch
        {
            ("document", _) or (_, "Edit" or "Ingest") => null,
            (_, "Answer") or ("answer", "Delete") => "Answer",
            ("comment", "Delete") => "Comment",
            _ => "Question",
        } is { } kind)
        {
            Assert.NotEmpty((await owner.SeeAsync("/admin/deleted")).QuerySelectorAll($"#{kind}-1"));
            using var erased = await owner.PostFormAsync("/admin/deleted?handler=Erase", [new("kind", kind), new("id", "1")], "/admin/deleted");
            Assert.Equal("/admin/deleted", erased.Headers.Location!.OriginalString);
            await reader.SeeAsync("/admin/deleted", HttpStatusCode.Forbidden);
        }

        // The history of an edited post keeps the text until its author erases the version.
        if (way == "Edit" && source != "comment")
        {
            var history = $"/{source}s/1/history";
            Assert.Contains(Word, (await reader.SeeAsync(history)).Body!.TextContent, StringComparison.Ordinal);
            using var erased = await owner.PostFormAsync($"{history}?handler=Erase", [new("number", "1")], history);
            Assert.Equal(history, erased.Headers.Location!.OriginalString);
            Assert.DoesNotContain(Word, (await reader.SeeAsync(history)).Body!.TextContent, StringComparison.Ordinal);
        }

        // Rows disappear at once, their bytes in the log and the table of words within seconds.
        await BytesGoneAsync(site);

        // The text of the page, of the turn with its draft for the board, of the exports, and of the replayed stream.
        async Task<string> EverythingAsync() => string.Concat(
            (await reader.SeeAsync(conversation)).DocumentElement.OuterHtml,
            (await reader.SeeAsync($"/chat/turns/{turn}")).DocumentElement.OuterHtml,
            await reader.Http.GetStringAsync(new Uri($"/chat/{conversationId}/export.md", UriKind.Relative)),
            await reader.Http.GetStringAsync(new Uri($"/chat/{conversationId}/export.json", UriKind.Relative)),
            string.Concat((await reader.HearAllAsync(turn)).Select(e => e.Data.ToString())));
    }

    private static async Task BytesGoneAsync(PyboSite site)
    {
        List<string> left = [];
        for (var waited = 0; waited < 300; waited++)
        {
            left = [.. new[] { WordEnd, Syllable }.SelectMany(words => site.FilesWith(words).Select(file => $"{words} in {file}"))];
            if (left.Count == 0)
            {
                return;
            }

            await Task.Delay(100);
        }

        Assert.Fail($"Still there: {string.Join(", ", left)}");
    }

    private static async Task<string> WriteAsync(PyboSite site, Visitor owner, string source, string way)
    {
        if (way == "Ingest")
        {
            var folder = Directory.CreateDirectory(Path.Combine(Path.GetDirectoryName(site.DatabaseFile)!, "texts")).FullName;
            await File.WriteAllTextAsync(Path.Combine(folder, "글.txt"), $"{Kept}\n\n{Secret}");
            Assert.Equal(0, (await TestTerminal.RunOnAsync(site.DatabaseFile, "", "ingest", folder)).Code);
            return folder;
        }

        if (source == "document")
        {
            (await UploadTests.UploadAsync(owner, [new("audience", "everyone")], UploadTests.Text("글.txt", $"{Kept}\n\n{Secret}"))).Dispose();
            return "/documents/1";
        }

        var body = source == "question" ? $"{Kept} {Secret}" : "봄마다 하는 것으로 압니다.";
        using var asked = await owner.PostFormAsync("/questions/ask", [new("Input.Title", Topic), new("Input.Body", body)]);
        var question = asked.Headers.Location!.OriginalString;
        if (source == "question")
        {
            return question;
        }

        using var answered = await owner.PostFormAsync($"{question}/answer", [new("Input.Body", source == "answer" ? $"{Kept} {Secret}" : Kept)], question);
        Assert.NotNull(answered.Headers.Location);
        if (source == "comment")
        {
            using var commented = await owner.PostFormAsync("/comments/new?answer=1", [new("Input.Body", Secret)], question);
            Assert.NotNull(commented.Headers.Location);
        }

        return question;
    }

    private static async Task TakeAwayAsync(PyboSite site, Visitor owner, string source, string way, string address)
    {
        switch (source, way)
        {
            case (_, "Ingest"):
                await File.WriteAllTextAsync(Path.Combine(address, "글.txt"), Kept);
                Assert.Equal(0, (await TestTerminal.RunOnAsync(site.DatabaseFile, "", "ingest", address)).Code);
                return;
            case ("question", "Edit"):
                (await owner.PostFormAsync($"{address}/edit", [new("Input.Title", Topic), new("Input.Body", Kept)])).Dispose();
                return;
            case ("answer", "Edit"):
                (await owner.PostFormAsync("/answers/1/edit", [new("Input.Body", Kept)])).Dispose();
                return;
            case ("comment", "Edit"):
                (await owner.PostFormAsync("/comments/1/edit", [new("Input.Body", Kept)])).Dispose();
                return;
            case ("comment", "Delete"):
                (await owner.PostFormAsync($"{address}?handler=DeleteComment", [new("comment", "1")], address)).Dispose();
                return;
            case ("answer", "Delete") or ("comment", "Answer"):
                (await owner.PostFormAsync($"{address}?handler=DeleteAnswer", [new("answer", "1")], address)).Dispose();
                return;
            default:
                (await owner.PostFormAsync($"{address}?handler=Delete", [], address)).Dispose();
                return;
        }
    }
}
