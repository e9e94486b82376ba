using Microsoft.Extensions.AI;
using Pybo.Data;
using Pybo.Pages;
using Pybo.Rag.Chat;
using Pybo.Rag.Inference;

namespace Pybo.Tests.Rag.Chat;

public sealed class ExtractiveAnswererTests(ChatCorpus corpus) : IClassFixture<ChatCorpus>
{
    public static TheoryData<string, string, string> Answerable => new()
    {
        { "못 쓴 연차를 언제까지 이월할 수 있나요?", "vacation.txt", "3월 말" },
        { "백업 파일은 얼마나 보관하나요?", "backup.txt", "서른 날" },
        { "전기차 충전기는 어디에 있어?", "parking.txt", "B12" },
        { "출장 식비는 하루에 얼마까지 인정되나요?", "expenses.txt", "3만 원" },
        { "냉장고 음식은 언제 버리나요?", "kitchen.txt", "금요일 저녁" },
        { "배포에 문제가 생기면 어떻게 되돌리나요?", "deploy.md", "pybo rollback" },
        { "How long may books be borrowed?", "library.md", "three weeks" },
    };

    [Theory]
    [MemberData(nameof(Answerable))]
    public async Task The_sentence_that_answers_is_quoted_from_its_source(string question, string path, string answer)
    {
        var done = await corpus.AskAsync(question);
        Assert.False(done.IsRefused, done.Text);
        Assert.Contains(answer, done.Text, StringComparison.Ordinal);
        Assert.Equal(path, done.Citations[0].Source.Passage.Path);
        Assert.Equal("extractive", done.Model);
    }

    [Fact]
    public async Task Vectors_help_when_the_words_differ()
    {
        var done = await corpus.AskAsync("연차는 며칠 생기나요?");
        Assert.False(done.IsRefused, done.Text);
        Assert.Contains("15일", done.Text, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Answerable))]
    public async Task Without_a_model_words_alone_answer(string question, string path, string answer)
    {
        var done = await corpus.AskAsync(question, withVectors: false);
        Assert.False(done.IsRefused, done.Text);
        Assert.Contains(answer, done.Text, StringComparison.Ordinal);
        Assert.Equal(path, done.Citations[0].Source.Passage.Path);
    }

    [Theory]
    [MemberData(nameof(Answerable))]
    public async Task At_most_two_quotes_are_given_and_match_their_source_exactly(string question, string path, string answer)
    {
        var retrieval = await corpus.FindAsync(question);
        var sources = SourceSelection.Select(retrieval.Hits, [], isThreadFirst: false, SourceUrl.Of);
        var done = await corpus.AskAsync(question);
        var lines = done.Text.Split("\n\n");
        Assert.InRange(lines.Length, 1, ExtractiveAnswerer.QuotesMax);
        foreach (var line in lines)
        {
            var end = line.LastIndexOf("” [", StringComparison.Ordinal);
            var number = int.Parse(line[(end + 3)..^1], System.Globalization.CultureInfo.InvariantCulture);
            Assert.StartsWith("“", line, StringComparison.Ordinal);
            Assert.Contains(line[1..end], sources[number - 1].Passage.Text, StringComparison.Ordinal);
        }

        Assert.Contains(answer, ChatCorpus.TextOf(path), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("목성의 위성은 모두 몇 개인가요?")]
    [InlineData("바흐가 태어난 도시는 어디인가?")]
    [InlineData("파이썬에서 리스트를 뒤집으려면?")]
    [InlineData("오늘 저녁 날씨가 어때?")]
    public async Task A_question_without_a_source_is_refused_in_Korean(string question)
    {
        foreach (var withVectors in new[] { true, false })
        {
            var done = await corpus.AskAsync(question, withVectors);
            Assert.True(done.IsRefused, done.Text);
            Assert.Empty(done.Citations);
            Assert.Matches(@"^\p{IsHangulSyllables}", done.Text);
        }
    }

    [Fact]
    public async Task An_English_question_is_refused_in_English()
    {
        var done = await corpus.AskAsync("Which moon of Jupiter has volcanoes?");
        Assert.True(done.IsRefused, done.Text);
        Assert.DoesNotMatch(@"\p{IsHangulSyllables}", done.Text);
    }

    [Fact]
    public async Task A_follow_up_is_answered_with_the_previous_question()
    {
        var done = await corpus.AskAsync("그럼 식비는?", true, new ChatExchange("출장 경비는 어떻게 처리하나요?", "“법인카드 영수증은 결제한 날부터 닷새 안에 올린다.” [1]"));
        Assert.Contains("3만 원", done.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_title_is_not_quoted_as_an_answer()
    {
        var done = await corpus.AskAsync("휴가 규정");
        Assert.False(done.IsRefused, done.Text);
        Assert.DoesNotContain("“휴가 규정”", done.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_sentence_over_several_lines_is_quoted_on_one_line_and_cited_as_quoted()
    {
        const string quotation = "회의실은 사내 달력에서 미리 예약해 두어야 하며 예약한 사람이 십 분 안에 오지 않으면 취소된다.";
        var answer = await QuoteAsync("회의실 예약은 언제 취소되나요?", Sources.Source(1, quotation.Replace("사람이 ", "사람이\n", StringComparison.Ordinal), "회의실 예약"));
        Assert.Equal($"“{quotation}” [1]", answer.Text);
        Assert.Equal(quotation, Assert.Single(answer.Citations).Quote);
    }

    [Fact]
    public async Task A_source_without_a_sentence_is_not_quoted()
    {
        var answer = await QuoteAsync("회의실 예약은 언제 취소되나요?", Sources.Source(1, "회의실 예약", "회의실 예약"));
        Assert.True(answer.IsRefused);
        Assert.Empty(answer.Citations);
    }

    [Theory]
    // No further term of the question.
    [InlineData("수영장은 몇 시에 문을 여나요?", "수영장은 아침 6시에 문을 연다. 매점에서는 김밥과 라면을 판다.", "수영장은 아침 6시에 문을 연다.")]
    // A term that the first lacks.
    [InlineData("수영장 강습 신청과 환불은 어디서 하나요?", "수영장 강습 신청은 안내소에서 받는다. 환불은 사무실에서 한다.", "수영장 강습 신청은 안내소에서 받는다.|환불은 사무실에서 한다.")]
    // The exception to the first.
    [InlineData("수영장은 몇 시에 문을 여나요?", "수영장은 아침 6시에 문을 연다. 다만 일요일에는 9시에 연다. 매점도 있다.", "수영장은 아침 6시에 문을 연다.|다만 일요일에는 9시에 연다.")]
    // The amount asked for.
    [InlineData("수영장 입장 요금은 얼마인가요?", "수영장 입장 요금은 현금이나 카드로 낸다. 어른은 3,000원이다.", "수영장 입장 요금은 현금이나 카드로 낸다.|어른은 3,000원이다.")]
    // A field that the question already names.
    [InlineData("5월 3일 총회에서 정한 것은?", "총회 날짜: 5월 3일\n새 회장으로 나리를 뽑았다.", "총회 날짜: 5월 3일|새 회장으로 나리를 뽑았다.")]
    public async Task A_second_sentence_is_quoted_only_if_it_adds_to_the_first(string question, string text, string quoted)
    {
        var answer = await QuoteAsync(question, Sources.Source(1, text, "안내"));
        Assert.Equal(quoted, string.Join('|', answer.Text.Split("\n\n").Select(quote => quote[1..quote.LastIndexOf('”')])));
    }

    [Theory]
    // The later minutes say what holds now, wherever they come; without such a word, the better match comes first.
    [InlineData("수영장 강습료는 지금 한 달에 얼마인가요?", "2025. 3. 2. 회의\n수영장 강습료는 한 달에 30,000원이다.", "2026년 2월 7일 회의\n수영장 강습료를 한 달에 40,000원으로 올렸다.", "40,000원")]
    [InlineData("수영장 강습료는 지금 한 달에 얼마인가요?", "2026년 2월 7일 회의\n수영장 강습료를 한 달에 40,000원으로 올렸다.", "2025. 3. 2. 회의\n수영장 강습료는 한 달에 30,000원이다.", "40,000원")]
    [InlineData("What does the pool cost now?", "Minutes, 2025-03-02\nThe pool costs 3,000 won.", "Minutes, 2026-02-07\nThe pool costs 4,000 won.", "4,000 won")]
    [InlineData("수영장 강습료는 한 달에 얼마인가요?", "2025. 3. 2. 회의\n수영장 강습료는 한 달에 30,000원이다.", "2026년 2월 7일 회의\n수영장 강습료를 한 달에 40,000원으로 올렸다.", "30,000원")]
    // Other subjects and undated texts supersede nothing.
    [InlineData("수영장 강습료는 지금 한 달에 얼마인가요?", "2025. 3. 2. 회의\n수영장 강습료는 한 달에 30,000원이다.", "2026년 2월 7일 회의\n매점 임대료는 한 달에 900,000원이다.", "30,000원")]
    [InlineData("수영장 강습료는 지금 한 달에 얼마인가요?", "2025. 3. 2. 회의\n수영장 강습료는 한 달에 30,000원이다.", "수영장 강습료를 한 달에 20,000원으로 하자는 말이 있었다.", "30,000원")]
    public async Task What_holds_now_is_quoted_first_from_the_text_with_the_latest_date(string question, string first, string second, string holds)
    {
        var answer = await QuoteAsync(question, Sources.Source(1, first, "회의록"), Sources.Source(2, second, "회의록"));
        Assert.Contains(holds, answer.Text.Split("\n\n")[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("구내식당 합계는?", "구내식당 식대\n\n합계\n\n할인 구분:\n\n구내식당 합계는 8,000원이다.", "구내식당 합계는 8,000원이다.")]
    [InlineData("체육관 대관 요금", "체육관 대관 요금이 궁금합니다.\n체육관 대관 요금\n체육관 대관은 두 시간에 40,000원이다.", "체육관 대관은 두 시간에 40,000원이다.")]
    [InlineData("접수 창구는 어디인가요?", "접수 창구 | 전화\n본관 1층 접수 창구 | 02-555-0101", "본관 1층 접수 창구 | 02-555-0101")]
    public async Task A_label_a_heading_a_header_and_a_question_are_not_quoted(string question, string text, string quoted)
    {
        var answer = await QuoteAsync(question, Sources.Source(1, text, "안내"));
        Assert.Equal($"“{quoted}” [1]", answer.Text);
    }

    private static Task<ChatAnswer> QuoteAsync(string question, params ChatSource[] sources) =>
        new ExtractiveAnswerer((_, _) => Task.FromResult<Lease<IEmbeddingGenerator<string, Embedding<float>>>?>(null))
            .AnswerAsync(new(question, [], Viewer.Visitor), Sources.Retrieval(question), sources, new HeardAnswer(), TestContext.Current.CancellationToken);
}
