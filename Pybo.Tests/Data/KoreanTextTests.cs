using System.Text;
using Microsoft.Data.Sqlite;
using Pybo.Data;

namespace Pybo.Tests.Data;

public sealed class KoreanTextTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("  \t\r\n… !? 。", "")]
    // Hangul.
    [InlineData("책", "책")]
    [InlineData("검색", "검색")]
    [InlineData("데이터베이스", "데이 이터 터베 베이 이스")]
    [InlineData("데이터베이스를", "데이 이터 터베 베이 이스")]
    [InlineData("서울에서는", "서울")]
    [InlineData("서울에서 부산까지", "서울 부산")]
    [InlineData("사용자에게서", "사용 용자")]
    [InlineData("도서관으로부터", "도서 서관")]
    [InlineData("수도입니다", "수도")]
    [InlineData("사람마다 사람조차 사람처럼", "사람 사람 사람")]
    [InlineData("책을", "책을 책")]
    [InlineData("사과", "사과 사")]
    [InlineData("나무", "나무")]
    // Particles after another script.
    [InlineData("GPU가", "gpu")]
    [InlineData("iOS에서", "ios")]
    [InlineData("LG전자는", "lg 전자")]
    [InlineData("2024년", "2024 년")]
    [InlineData("2024년에는", "2024 년")]
    [InlineData("30분", "30 분")]
    [InlineData("5만 명", "5 만 명")]
    [InlineData("C#에서", "c#")]
    [InlineData("'서울'에서", "서울")]
    [InlineData("(한국)은", "한국")]
    // Jamo.
    [InlineData("ㅋㅋ", "ㅋㅋ")]
    [InlineData("ㅋㅋㅋㅋㅋ", "ㅋㅋ")]
    [InlineData("하하ㅋㅋ", "하하 ㅋㅋ")]
    [InlineData("ㅋㅠㅠ", "ㅋㅠㅠ")]
    [InlineData("\u1112\u1161\u11AB\u1100\u1173\u11AF", "한글")]
    // Hanja and kana.
    [InlineData("漢字", "漢 漢字 字 한자")]
    [InlineData("漢字는", "漢 漢字 字 한자")]
    [InlineData("\uF900", "豈 기 개")]
    [InlineData("旅券", "旅 旅券 券 려권 여권")]
    [InlineData("料理法", "料 料理 理 理法 法 료리 료이 요리 요이 리법 이법")]
    [InlineData("龍", "龍 룡 용")]
    [InlineData("\U00020000中", "\U00020000 \U00020000中 中")]
    [InlineData("ひらがな", "ひ ひら ら らが が がな な")]
    [InlineData("ｶﾞｲﾄﾞ", "ガ ガイ イ イド ド")]
    // Latin and digits.
    [InlineData("C# F# C++ C++17", "c# f# c++ c++ 17")]
    [InlineData("a+b x+1 1+1", "a b x 1 1 1")]
    [InlineData(".NET", ".net net")]
    [InlineData("끝.NET 10", "끝 net 10")]
    [InlineData("ASP.NET Core", "asp.net asp net core")]
    [InlineData("node.js.", "node.js node js")]
    [InlineData("v1.2.3", "v1.2.3 1.2.3")]
    [InlineData("3.14", "3.14")]
    [InlineData("1,234 12,345,678 1,23 1,2345", "1234 12345678 1 23 1 2345")]
    [InlineData("snake_case", "snake_case snake case")]
    [InlineData("__init__", "init")]
    [InlineData("CamelCase", "camelcase camel case")]
    [InlineData("HTTPServer", "httpserver http server")]
    [InlineData("iPhone", "iphone")]
    [InlineData("30GB", "30gb 30 gb")]
    [InlineData("GPT-4 Wi-Fi", "gpt4 gpt wifi wi fi")]
    [InlineData("2024-01-02", "2024 01 02 2024년1월2일 2024년1월 1월2일")]
    [InlineData("ＧＰＵ ①", "gpu 1")]
    [InlineData("Café STRASSE Straße", "cafe strasse strasse")]
    [InlineData("ΣΊΣΥΦΟΣ σίσυφος", "σισυφοσ σισυφοσ")]
    [InlineData("NullReferenceException", "nullreferenceexception null reference exception")]
    // Separators, and characters that vanish.
    [InlineData("안녕😀하세요", "안녕 하세 세요")]
    [InlineData("👩‍👩‍👧", "")]
    [InlineData("보이\u200B지않는", "보이 이지 지않")]
    [InlineData("\uFEFF소프트\u00AD웨어", "소프 프트 트웨 웨어")]
    [InlineData("검색 OR \"NOT\" * NEAR(a)", "검색 or not near a")]
    public void Text_becomes_terms(string text, string terms) => Assert.Equal(terms, Joined(text));

    [Fact]
    public void Decomposed_and_composed_text_give_the_same_terms()
    {
        const string text = "한국어 데이터베이스를 Café에서 ひらがな";
        Assert.Equal(KoreanText.Terms(text), KoreanText.Terms(text.Normalize(NormalizationForm.FormD)));
    }

    [Theory]
    [InlineData("검색")]
    [InlineData("책")]
    [InlineData("C#")]
    [InlineData("C++")]
    [InlineData(".NET")]
    [InlineData("node.js")]
    [InlineData("js")]
    [InlineData("v1.2.3")]
    [InlineData("1.2.3")]
    [InlineData("snake_case")]
    [InlineData("snake")]
    [InlineData("CAMELCASE")]
    [InlineData("camel")]
    [InlineData("1234")]
    [InlineData("ㅋㅋ")]
    [InlineData("漢字")]
    [InlineData("字")]
    [InlineData("GPU")]
    [InlineData("한글")]
    [InlineData("2024")]
    public void A_single_word_finds_the_text_that_contains_it(string word)
    {
        const string text = "검색은 책이 좋다. C#과 C++, .NET에서 node.js로 v1.2.3의 snake_case와 CamelCase를 1,234번 ㅋㅋㅋ 漢字는 GPU가 한글로 2024년에";
        Assert.Contains(KoreanText.QueryTerms(word), KoreanText.Terms(text).Contains);
        using var index = new WordIndex();
        index.Add(1, text);
        index.Add(2, "전혀 다른 이야기");
        Assert.Equal([1], index.Find(KoreanText.MatchAny(KoreanText.QueryTerms(word))));
    }

    [Fact]
    public void Every_term_is_exactly_one_token_of_FTS5()
    {
        var text = "C# F# C++ .NET ASP.NET node.js v1.2.3 snake_case CamelCase 데이터베이스를 漢字 \U00020000中 ひらがな ㅋㅋ ΣΊΣΥΦΟΣ हिन्दी ไทย Ꭰ İ ı ǅ ﷺ ² ½ "
            + string.Concat(Enumerable.Range(1, 0xD7FF).Select(c => $"{(char)c} a{(char)c}b "));
        var terms = KoreanText.Terms(text);
        using var index = new WordIndex();
        index.Add(1, text);
        Assert.Equal(terms.Distinct().Order(StringComparer.Ordinal), index.Terms().Order(StringComparer.Ordinal));
        Assert.Equal(terms.Count, index.Tokens());
    }

    [Theory]
    [InlineData("\"")]
    [InlineData("\" OR \"")]
    [InlineData("a\"b")]
    [InlineData("title : x")]
    [InlineData("NEAR(a b, 1)")]
    [InlineData("NOT AND OR")]
    [InlineData("*")]
    [InlineData("^a")]
    [InlineData("-a + b")]
    [InlineData("{title body}:a")]
    [InlineData("a\0\" OR b")]
    [InlineData("'; drop table words; --")]
    public void Quoted_text_is_never_syntax(string text)
    {
        using var index = new WordIndex();
        index.Add(1, "b");
        Assert.Empty(index.Find(KoreanText.Quote(text)));
    }

    [Fact]
    public void A_quoted_term_finds_itself()
    {
        using var index = new WordIndex();
        index.Add(1, "C#과 node.js");
        Assert.Equal([1], index.Find(KoreanText.Quote("c#")));
        Assert.Equal([1], index.Find(KoreanText.MatchAny(["c++", "node.js"])));
        Assert.Empty(index.Find(KoreanText.Quote("c++")));
    }

    [Theory]
    [InlineData("서울의 인구는 얼마인가요?", "서울 인구")]
    [InlineData("누가 데이터를", "데이 이터")]
    [InlineData("why node.js?", "node.js node js")]
    [InlineData("누구", "누구")]
    [InlineData("서울 서울", "서울")]
    public void Question_words_are_left_out_of_a_search(string question, string terms) =>
        Assert.Equal(terms.Split(' '), KoreanText.QueryTerms(question));

    [Theory]
    [InlineData("서울에서 C#을 배우는 책", "배우 서울 c#")]
    [InlineData("node.js 데이터베이스를", "node.js 데이터베이스")]
    [InlineData("책", "책")]
    [InlineData("😀", "")]
    public void The_words_to_mark_lose_their_particles(string question, string words) =>
        Assert.Equal(words.Split(' ', StringSplitOptions.RemoveEmptyEntries).Order(), KoreanText.Words(question).Order());

    [Fact]
    public void Unpaired_surrogates_separate_words()
    {
        Assert.Equal(["가나", "다라"], KoreanText.Terms("가나\uD800다라\uDC00"));
        Assert.Equal(["ab", "cd"], KoreanText.Terms("ab\uDC00cd\uD800"));
    }

    [Theory]
    [InlineData("가")]
    [InlineData("a")]
    [InlineData("漢")]
    [InlineData("ㅋㅎ")]
    [InlineData("a\u0315\u0300")]
    [InlineData("_a.")]
    [InlineData("aB")]
    [InlineData(".a")]
    [InlineData("1,234")]
    [InlineData("\uFDFA")]
    [InlineData("+#")]
    [InlineData("\U00020000")]
    public void A_word_of_ten_million_characters_is_bounded(string part)
    {
        var text = string.Concat(Enumerable.Repeat(part, 10_000_000 / part.Length));
        var terms = KoreanText.Terms(text);
        Assert.True(terms.Count <= 4 * KoreanText.TextCharactersMax);
        Assert.All(terms, t => Assert.InRange(t.Length, 1, 2 * KoreanText.TermCharactersMax));
    }

    private static string Joined(string text) => string.Join(' ', KoreanText.Terms(text));

    /// <summary>A contentless FTS5 table in memory, like the site's.</summary>
    private sealed class WordIndex : IDisposable
    {
        private readonly SqliteConnection connection = new("Data Source=:memory:");

        public WordIndex()
        {
            connection.Open();
            Execute($"create virtual table words using fts5(body, content='', contentless_delete=1, tokenize=\"ascii tokenchars '#+._'\")");
            Execute("create virtual table vocabulary using fts5vocab(words, 'row')");
        }

        public void Add(long id, string text) => Execute("insert into words(rowid, body) values ($id, $text)", ("$id", id), ("$text", Joined(text)));

        public List<long> Find(string match) => Read("select rowid from words where words match $match", r => r.GetInt64(0), ("$match", match));

        public List<string> Terms() => Read("select term from vocabulary", r => r.GetString(0));

        public long Tokens() => Read("select sum(cnt) from vocabulary", r => r.GetInt64(0))[0];

        public void Dispose() => connection.Dispose();

        private void Execute(string sql, params (string Name, object Value)[] parameters) => Read(sql, _ => 0, parameters);

        private List<T> Read<T>(string sql, Func<SqliteDataReader, T> map, params (string Name, object Value)[] parameters)
        {
            using var command = connection.CreateCommand();
            command.CommandText = sql;
            foreach (var (name, value) in parameters)
            {
                command.Parameters.AddWithValue(name, value);
            }

            using var reader = command.ExecuteReader();
            var rows = new List<T>();
            while (reader.Read())
            {
                rows.Add(map(reader));
            }

            return rows;
        }
    }
}
