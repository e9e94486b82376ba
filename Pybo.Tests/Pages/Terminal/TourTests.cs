using System.Text.Json;
namespace Pybo.Tests.Pages.Terminal;

public sealed class TourTests
{
    private static readonly (string Question, string File)[] Questions =
    [
        ("책은 며칠 동안 빌릴 수 있어?", "대출과-반납.md"),
        ("연체하면 어떻게 되나요?", "대출과-반납.md"),
        ("도서관은 무슨 요일에 쉬나요?", "이용안내.md"),
        ("동아리방을 쓰려면 며칠 전에 신청해야 해?", "동아리방-예약.md"),
        ("3D 프린터로 밤새 출력해도 돼?", "만들기방.md"),
        ("도서관 문을 처음 연 사람은 누구야?", "역사.txt"),
        ("그림책 읽어 주는 시간은 언제야?", "어린이실.md"),
        ("와이파이 비밀번호가 뭐야?", "전자자료.md"),
        ("ERR_CARD_42", "전산-안내서.md"),
        ("승강기 공사는 언제부터 언제까지 하나요?", "회의록-2026-09.txt"),
    ];

    [Fact]
    public async Task Ten_questions_find_their_texts()
    {
        await using var terminal = await IngestedAsync();
        var missed = new List<string>();
        foreach (var (question, file) in Questions)
        {
            var found = await terminal.RunAsync("search", question, "--limit", "3", "--json");
            var sources = found.Json.EnumerateArray().Select(f => Path.GetFileName(f.GetProperty("source").GetString())).ToList();
            if (sources.FirstOrDefault() != file)
            {
                missed.Add($"{question} → {string.Join(", ", sources)}");
            }
        }

        Assert.Empty(missed);
    }

    [Fact]
    public async Task A_question_is_answered_with_citations()
    {
        await using var terminal = await IngestedAsync();
        var asked = await terminal.RunAsync("ask", "도서관 문을 처음 연 사람은 누구야?", "--json");
        Assert.Equal((0, ""), (asked.Code, asked.Error));
        Assert.Equal(["answer", "refused", "model", "firstTokenMs", "tokensPerSecond", "citations"], asked.Json.EnumerateObject().Select(p => p.Name));
        Assert.Equal(("extractive", JsonValueKind.Null), (asked.Json.GetProperty("model").GetString(), asked.Json.GetProperty("firstTokenMs").ValueKind));
        Assert.False(asked.Json.GetProperty("refused").GetBoolean());
        Assert.Contains("구본희", asked.Json.GetProperty("answer").GetString(), StringComparison.Ordinal);
        var citation = asked.Json.GetProperty("citations").EnumerateArray().First();
        Assert.Equal(["n", "source", "title", "quote", "url"], citation.EnumerateObject().Select(p => p.Name));
        Assert.EndsWith("/역사.txt", citation.GetProperty("source").GetString(), StringComparison.Ordinal);
        Assert.Contains($"[{citation.GetProperty("n").GetInt32()}]", asked.Json.GetProperty("answer").GetString(), StringComparison.Ordinal);
        Assert.StartsWith("/documents/", citation.GetProperty("url").GetString(), StringComparison.Ordinal);

        var read = await terminal.RunAsync("ask", "도서관 문을 처음 연 사람은 누구야?");
        Assert.Equal(0, read.Code);
        Assert.StartsWith(asked.Json.GetProperty("answer").GetString()!, read.Output, StringComparison.Ordinal);
        Assert.Contains("역사.txt", read.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_question_that_no_text_answers_is_refused()
    {
        await using var terminal = await IngestedAsync();
        var asked = await terminal.RunAsync("ask", "목성의 위성은 모두 몇 개이고 가장 큰 것은 무엇인가?", "--json");
        Assert.Equal(0, asked.Code);
        Assert.True(asked.Json.GetProperty("refused").GetBoolean());
        Assert.Empty(asked.Json.GetProperty("citations").EnumerateArray());
    }

    private static async Task<TestTerminal> IngestedAsync()
    {
        var terminal = new TestTerminal();
        var ingested = await terminal.RunAsync("ingest", Path.Combine(AppContext.BaseDirectory, "Samples", "tour"), "--json");
        Assert.Equal((0, ""), (ingested.Code, ingested.Error));
        Assert.Equal(12, ingested.Json.GetProperty("new").GetInt32());
        return terminal;
    }
}
