using System.Diagnostics;
using System.Globalization;
using System.Net;
using Pybo.Tests.Pages;
using Pybo.Tests.Pages.Documents;

namespace Pybo.Tests.Attacks;

/// <summary>Fills up a site's disk and frees it again, on a small disk of its own in a mount namespace of its own.</summary>
public sealed class FullDiskAttackTests
{
    private const string Draft = "디스크가 찼을 때 쓴 긴 글";

    /// <summary>Small writes fit into pages that the log already has, and a worker may release some: the disk counts as full when a write is refused.</summary>
    private const int WritesMax = 200;

    private static readonly string LongText = string.Concat(Enumerable.Repeat($"{Draft} ", 1_000));

    [Fact]
    public async Task A_full_disk_is_reported_keeps_the_draft_and_work_continues_when_there_is_room()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && await MayMountAsync(), "This account may not mount a disk of its own (unshare -m).");
        await using var site = AttackedSite.Prepare();
        // 400 MB: more than the free space that uploads must leave, so that they are accepted at first.
        await site.StartAgainAsync(wrapper: ["unshare", "-m", "sh", "-c", $"mount -t tmpfs -o size=400m tmpfs '{site.Folder}' && cd '{site.Folder}' && exec \"$@\"", "sh"]);
        var inside = string.Create(CultureInfo.InvariantCulture, $"/proc/{site.Process.Id}/root{site.Folder}");
        var member = await site.SignUpAsync("글쓴이");
        using var asked = await member.PostFormAsync("/questions/ask", [new("Input.Title", "첫 질문"), new("Input.Body", "점검은 언제인가요?")]);
        var question = asked.Headers.Location!.OriginalString;
        (await UploadTests.UploadAsync(member, [], UploadTests.Text("글.txt", "승강기 점검 안내"))).Dispose();

        var filler = Path.Combine(inside, "filler");
        using (var refused = await FullAsync(filler, n => member.PostFormAsync("/questions/ask", [new("Input.Title", $"{Draft} {n}"), new("Input.Body", LongText)])))
        {
            var form = await Visitor.ReadAsync(refused);
            Assert.Contains("저장 공간이 없어 저장하지 못했습니다", form.Body!.TextContent, StringComparison.Ordinal);
            Assert.StartsWith(Draft, form.QuerySelector("input[name='Input.Title']")!.GetAttribute("value"), StringComparison.Ordinal);
            Assert.Contains(Draft, form.QuerySelector("textarea[name='Input.Body']")!.TextContent, StringComparison.Ordinal);
        }

        await SaidAsync(await FullAsync(filler, _ => member.PostFormAsync("/chat", [new("Input.Question", Draft + string.Concat(Enumerable.Repeat(" 그리고", 900)))])), "저장 공간이");
        await SaidAsync(await FullAsync(filler, n => site.Visit().SignUpAsync($"새사람{n}번째")), "저장 공간이 부족합니다");
        await SaidAsync(await FullAsync(filler, n => UploadTests.UploadAsync(member, [], UploadTests.Text($"다음{n}.txt", "다음 글"))), "저장 공간이");
        await SaidAsync(await FullAsync(filler, _ => member.PostFormAsync($"{question}/answer", [new("Input.Body", LongText)], question)), "저장 공간이");

        // Reading still works.
        Assert.Contains("첫 질문", (await site.Visit().SeeAsync("/questions")).Body!.TextContent, StringComparison.Ordinal);
        Assert.Contains("점검은 언제인가요?", (await member.SeeAsync(question)).Body!.TextContent, StringComparison.Ordinal);
        await site.Visit().SeeAsync("/search?q=%EC%A0%90%EA%B2%80");

        // Writing works too once there is room, in the same process: waiting posts are indexed, a question is answered.
        File.Delete(filler);
        using var again = await member.PostFormAsync("/questions/ask", [new("Input.Title", "다시 묻는 것"), new("Input.Body", "이제는 저장되나요? 보라색 열쇠는 서랍에 있다.")]);
        Assert.NotNull(again.Headers.Location);
        for (var waited = 0; ; waited++)
        {
            if ((await site.Visit().SeeAsync("/search?q=%EB%B3%B4%EB%9D%BC%EC%83%89")).QuerySelector("mark") is not null)
            {
                break;
            }

            Assert.True(waited < 600, site.Output);
            await Task.Delay(100);
        }

        using var answered = await member.PostFormAsync("/chat", [new("Input.Question", "보라색 열쇠는 어디에 있나요?")]);
        Assert.Contains("서랍", (await member.SeeAsync(answered.Headers.Location!.OriginalString)).Body!.TextContent, StringComparison.Ordinal);
        Assert.False(site.Process.HasExited);
    }

    /// <summary>Fills the disk before each of these writes, until one is refused for lack of space.</summary>
    private static async Task<HttpResponseMessage> FullAsync(string filler, Func<int, Task<HttpResponseMessage>> write)
    {
        for (var n = 0; n < WritesMax; n++)
        {
            Fill(filler);
            var answer = await write(n);
            if (answer.StatusCode is HttpStatusCode.InsufficientStorage)
            {
                return answer;
            }

            Assert.True(answer.Headers.Location is not null, $"{answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
            answer.Dispose();
        }

        throw new InvalidOperationException("The disk is not full.");
    }

    private static async Task SaidAsync(HttpResponseMessage refused, string words)
    {
        using (refused)
        {
            Assert.Contains(words, await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
    }

    private static void Fill(string file)
    {
        var block = new byte[1024 * 1024];
        using var filler = new FileStream(file, FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
        for (var size = block.Length; size > 0;)
        {
            try
            {
                filler.Write(block, 0, size);
            }
            catch (IOException)
            {
                // Ever smaller, to the last byte.
                size /= 4;
            }
        }
    }

    private static async Task<bool> MayMountAsync()
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo("unshare", ["-m", "true"]) { RedirectStandardError = true })!;
            await process.WaitForExitAsync();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            // This program is not installed here.
            return false;
        }
    }
}
