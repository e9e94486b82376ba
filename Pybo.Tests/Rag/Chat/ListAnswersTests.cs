using Microsoft.Extensions.AI;
using Pybo.Data;
using Pybo.Rag.Chat;
using Pybo.Rag.Inference;

namespace Pybo.Tests.Rag.Chat;

/// <summary>Questions that need more than two quotations: lists and comparisons.</summary>
public sealed class ListAnswersTests
{
    [Theory]
    [InlineData("어떤 강좌가 있나요?", "강좌", "")]
    [InlineData("주말에는 무슨 프로그램이 있어요?", "프로그램", "주말")]
    [InlineData("별관에서는 어떤 강좌를 운영하나요?", "강좌", "별관")]
    [InlineData("체육관에는 무엇무엇이 있나요?", "체육관", "")]
    [InlineData("회원권의 종류를 모두 알려 주세요", "회원권", "")]
    [InlineData("회원권 종류는 어떤 게 있나요?", "회원권", "")]
    [InlineData("휴관일을 전부 말해 줘", "휴관일", "")]
    [InlineData("모든 할인 제도를 보여 주세요.", "제도", "")]
    [InlineData("객실 정원은 각각 몇 명인가요?", "정원", "")]
    [InlineData("Which libraries are there?", "library", "")]
    [InlineData("list all rooms in the annex", "room", "annex")]
    public void A_question_for_all_of_a_kind_names_the_kind(string question, string noun, string place)
    {
        var kind = ListQuestion.KindOf(question);
        Assert.Equal((noun, place), (kind?.Noun, string.Join(',', kind?.Places ?? [])));
    }

    [Theory]
    [InlineData("사물함이 있나요?")]
    [InlineData("모두 몇 명까지 들어갈 수 있나요?")]
    [InlineData("책을 다 읽으면 어디에 두나요?")]
    [InlineData("회원 모두에게 알려 주나요?")]
    [InlineData("비밀번호를 다 알려 주면 되나요?")]
    [InlineData("어떤 일이 있어도 지켜야 하나요?")]
    [InlineData("이 규칙에는 어떤 의미가 있나요?")]
    [InlineData("이 강은 어떤 이름으로 알려져 있는가?")]
    [InlineData("담당자는 어떤 자격을 가지고 있나요?")]
    [InlineData("수영장과 헬스장에는 어떤 차이가 있나요?")]
    [InlineData("What time is it available?")]
    public void A_question_that_only_looks_like_one_is_answered_as_before(string question) => Assert.Null(ListQuestion.KindOf(question));

    [Theory]
    [InlineData("버스와 지하철 중 어느 것이 더 빠른가요?", "버스", "지하철")]
    [InlineData("강남에서 시청까지 버스랑 택시 중에 뭐가 나아요?", "버스", "택시")]
    [InlineData("연간 회원권과 하루 이용권의 차이는 무엇인가요?", "연간 회원권", "하루 이용권")]
    [InlineData("본관과 별관의 요금 차이를 알려 주세요", "본관", "별관")]
    [InlineData("텐트하고 카라반 비교해 주세요", "텐트", "카라반")]
    [InlineData("수채화와 유화는 어떻게 다른가요?", "수채화", "유화")]
    [InlineData("What is the difference between a loan and a hold?", "loan", "hold")]
    public void A_comparison_names_both_things(string question, string first, string second) =>
        Assert.Equal((first, second), ComparisonQuestion.NamesOf(question));

    [Theory]
    [InlineData("검사 결과 차이가 나는 이유는?")]
    [InlineData("어른과 어린이 요금은 얼마인가요?")]
    [InlineData("신청서를 제출하고 심사 중에 어떤 서류를 더 내나요?")]
    [InlineData("사과 중 어느 것이 더 단가요?")]
    [InlineData("두 신호의 세기와 높이를 비교하면 어떤 사실을 알 수 있나요?")]
    [InlineData("이름과 순서는 무엇과 무엇에 따라 차이가 있나요?")]
    public void Other_questions_compare_nothing(string question) => Assert.Null(ComparisonQuestion.NamesOf(question));

    [Theory]
    // A table below a column of that name.
    [InlineData("어떤 악기가 있나요?", "악기 | 대수\n가야금 | 3\n해금 | 2\n장구 | 7", "가야금 | 3§해금 | 2§장구 | 7")]
    // Rows of pairs, also where a name occurs twice; a total is nothing of the kind.
    [InlineData("어떤 악기가 있나요?", "악기: 가야금 | 대수: 3\n악기: 해금 | 대수: 2\n악기: 가야금 | 대수: 1\n악기: 장구 | 대수: 7\n악기: 합계 | 대수: 13", "악기: 가야금 | 대수: 3§악기: 해금 | 대수: 2§악기: 장구 | 대수: 7")]
    // Items below a label; those below another label are something else.
    [InlineData("준비물을 모두 알려 주세요", "준비물:\n- 물감\n- 붓\n- 앞치마\n버릴 것:\n- 헌 신문\n- 빈 병", "- 물감§- 붓§- 앞치마")]
    // An item of two sentences does not end the list.
    [InlineData("어떤 코스가 있나요?", "다음 코스를 걸을 수 있다.\n1. 솔숲길\n2. 바닷길. 물때를 본다.\n3. 억새길", "1. 솔숲길§2. 바닷길.§3. 억새길")]
    // Sentences about one member each; a second one about the same member is left out.
    [InlineData("어떤 팀이 있나요?", "개발팀은 화면을 만든다. 개발팀은 3층을 쓴다. 홍보팀은 소식지를 낸다. 모든 팀은 월요일에 모인다. 총무팀은 비품을 산다.", "개발팀은 화면을 만든다.§홍보팀은 소식지를 낸다.§총무팀은 비품을 산다.")]
    [InlineData("Which rooms are there?", "The blue room has a piano. The corner room is for meetings. Each room has a window. The garden room opens at nine.", "The blue room has a piano.§The corner room is for meetings.§The garden room opens at nine.")]
    public async Task All_parts_of_a_list_are_quoted_in_order(string question, string text, string quoted)
    {
        var answer = await QuoteAsync(question, Sources.Source(1, text, "안내"));
        Assert.Equal(string.Join("\n\n", quoted.Split('§').Select(part => $"“{part}” [1]")), answer.Text);
        Assert.Equal(quoted.Replace('§', '\n'), Assert.Single(answer.Citations).Quote);
    }

    [Fact]
    public async Task A_list_over_several_sources_cites_each_and_leaves_out_another_place()
    {
        var answer = await QuoteAsync("별관에는 어떤 동호회가 있나요?",
            Sources.Source(1, "별관 2층에는 바둑동호회가 모인다. 등산동호회는 별관 앞에서 떠난다.", "별관 소식"),
            Sources.Source(2, "수영동호회는 본관 지하에서 모인다.", "본관 소식"),
            Sources.Source(3, "사진동호회는 별관 3층 암실을 쓴다.", "암실"));
        Assert.Equal("“별관 2층에는 바둑동호회가 모인다.” [1]\n\n“등산동호회는 별관 앞에서 떠난다.” [1]\n\n“사진동호회는 별관 3층 암실을 쓴다.” [3]", answer.Text);
        Assert.Equal([1, 3], answer.Citations.Select(c => c.Source.Number));
    }

    [Theory]
    [InlineData("어떤 과일이 있나요?", "과일", "이 밖에도 더 있습니다: 처음 8개만 보여 드립니다.")]
    [InlineData("Which fruits are there?", "Fruits", "There are more: only the first 8 are shown.")]
    public async Task More_parts_than_the_limit_are_mentioned(string question, string label, string note)
    {
        var items = string.Join('\n', Enumerable.Range(1, ListedParts.PartsMax + 1).Select(at => $"- {label} {at}"));
        var parts = (await QuoteAsync(question, Sources.Source(1, $"{label}:\n{items}", "장보기"))).Text.Split("\n\n");
        Assert.Equal(ListedParts.PartsMax + 1, parts.Length);
        Assert.Equal(note, parts[^1]);
        var all = await QuoteAsync(question, Sources.Source(1, $"{label}:\n{items[..items.LastIndexOf('\n')]}", "장보기"));
        Assert.DoesNotContain(note, all.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_parts_are_no_list()
    {
        var answer = await QuoteAsync("어떤 악기가 있나요?", Sources.Source(1, "연습실에는 악기가 많다.\n악기 | 대수\n가야금 | 3\n해금 | 2", "안내"));
        Assert.StartsWith("“연습실에는 악기가 많다.” [1]", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Both_things_compared_are_quoted()
    {
        var answer = await QuoteAsync("가야금과 해금의 차이는 무엇인가요?",
            Sources.Source(1, "가야금은 열두 줄을 뜯는다. 연습실은 저녁에 연다.", "현악기"),
            Sources.Source(2, "해금은 두 줄을 활로 켠다.", "활로 켜는 악기"));
        Assert.Equal("“가야금은 열두 줄을 뜯는다.” [1]\n\n“해금은 두 줄을 활로 켠다.” [2]", answer.Text);
    }

    [Theory]
    [InlineData("가야금과 아쟁 중 어느 것이 더 큰가요?", "가야금은 열두 줄을 뜯는다.", "‘아쟁’에 대한 내용은 찾지 못했습니다.")]
    [InlineData("What is the difference between a loan and a hold?", "A loan lasts three weeks.", "Nothing was found about “hold”.")]
    public async Task The_thing_that_is_not_found_is_named(string question, string text, string note)
    {
        var answer = await QuoteAsync(question, Sources.Source(1, text, "안내"));
        Assert.Equal($"“{text}” [1]\n\n{note}", answer.Text);
    }

    [Theory]
    // The title has the beginning of the name.
    [InlineData("연습실 해솔과 달솔의 차이는 무엇인가요?", "연습실", "해솔은 열 명이 쓴다. 달솔은 네 명이 쓴다.", "해솔은 열 명이 쓴다.§달솔은 네 명이 쓴다.")]
    // Printers of another kind are mentioned: what is said of them is not known to be missing.
    [InlineData("잉크 프린터와 가야금의 차이는 무엇인가요?", "물건", "가야금과 프린터를 빌려준다.", "가야금과 프린터를 빌려준다.")]
    public async Task A_name_may_begin_in_the_title_and_nothing_mentioned_is_called_missing(string question, string title, string text, string quoted)
    {
        var answer = await QuoteAsync(question, Sources.Source(1, text, title));
        Assert.Equal(string.Join("\n\n", quoted.Split('§').Select(part => $"“{part}” [1]")), answer.Text);
    }

    [Fact]
    public async Task A_sentence_below_the_heading_of_one_thing_is_about_it()
    {
        var answer = await QuoteAsync("가야금과 해금의 차이는 무엇인가요?", Sources.Source(1, "가야금은 열두 줄을 뜯는다.", "현악기"), Sources.Source(2, "두 줄을 활로 켠다.", "해금"));
        Assert.Equal("“가야금은 열두 줄을 뜯는다.” [1]\n\n“두 줄을 활로 켠다.” [2]", answer.Text);
    }

    private static Task<ChatAnswer> QuoteAsync(string question, params ChatSource[] sources) =>
        new ExtractiveAnswerer((_, _) => Task.FromResult<Lease<IEmbeddingGenerator<string, Embedding<float>>>?>(null))
            .AnswerAsync(new(question, [], Viewer.Visitor), Sources.Retrieval(question), sources, new HeardAnswer(), TestContext.Current.CancellationToken);
}
