using System.Text;
using Pybo.Rag.Documents;

namespace Pybo.Tests.Rag.Documents;

/// <summary>Records of CSV files and logs, and texts in older encodings.</summary>
public sealed class PlainTextTests
{
    [Theory]
    [InlineData("표.csv", "번호,이름,값\n1,가,10\n2,나,20\n")]
    [InlineData("표.csv", "번호;이름;값\r\n1;가;10\r\n2;나;20\r\n")]
    [InlineData("표.csv", "sep=;\n번호;이름;값\n1;가;10\n2;나;20")]
    [InlineData("표.csv", "\"번호\",\"이름\",\"값\"\n\"1\",\"가\",\"10\"\n\"2\",\"나\",\"20\"")]
    [InlineData("표.tsv", "번호\t이름\t값\n1\t가\t10\n2\t나\t20")]
    [InlineData("표.CSV", "\uFEFF번호|이름|값\n1|가|10\n2|나|20")]
    [InlineData("붙인 것.txt", "번호\t이름\t값\n1\t가\t10\n2\t나\t20")]
    public void A_file_of_records_is_a_table(string name, string text) => Assert.Equal("번호: 1 | 이름: 가 | 값: 10\n번호: 2 | 이름: 나 | 값: 20", Read(text, name));

    [Fact]
    public void Quotes_keep_separators_line_ends_and_quotes()
    {
        const string csv = "이름,주소,값\n\"김, 가\",\"서울\n2층\",\"3\"\"\"\n나,\"부산\" 1,5\"\n";
        Assert.Equal("이름: 김, 가 | 주소: 서울 2층 | 값: 3\"\n이름: 나 | 주소: \"부산\" 1 | 값: 5\"", Read(csv, "표.csv"));
    }

    [Fact]
    public void A_quote_that_nothing_closes_is_a_character()
    {
        var csv = "이름,값\n\"가,1\n" + string.Concat(Enumerable.Range(0, 10_000).Select(at => $"나{at},{at}\n"));
        var lines = Read(csv, "표.csv").Split('\n');
        Assert.Equal(10_001, lines.Length);
        Assert.Equal("이름: 나9999 | 값: 9999", lines[^1]);
    }

    [Theory]
    [InlineData("코드.txt", "if a:\n\tb = 1\n\tc = 2\n")]
    [InlineData("글.csv", "쉼표가 없는 글이다.\n다음 줄이다.")]
    [InlineData("글.txt", "가, 나, 다\n라, 마, 바")]
    public void Other_text_keeps_its_lines(string name, string text) => Assert.Equal(text.Trim(), Read(text, name));

    [Theory]
    [InlineData("[2031-05-01 00:00:00] info id=a1 요청을 받아서 처리했다", "[2031-05-01 00:00:07] warn id=a2 대기열이 길어졌다. 늦다")]
    [InlineData("2031-05-01T00:00:00.123Z INFO 요청을 받아서 처리함 (gateway)", "2031-05-01T00:00:07.001Z WARN 대기열이 길어짐 (gateway)")]
    [InlineData("May  1 00:00:00 host app[12]: accepted connection from 가나", "May  1 00:00:07 host app[12]: closed connection from 나다라")]
    [InlineData("10.0.0.1 - - [01/May/2031:00:00:00 +0900] \"GET / HTTP/1.1\" 200", "10.0.0.22 - - [01/May/2031:00:00:07 +0900] \"GET /a HTTP/1.1\" 404")]
    [InlineData("ERROR 결제 서비스에 연결하지 못해 다시 시도하는 중", "INFO 결제 서비스에 연결해서 밀린 요청을 처리하는 중")]
    [InlineData("level=info msg=요청을 받아서 처리함 duration=12ms", "level=warn msg=대기열이 길어져서 기다림 duration=900ms")]
    [InlineData("{\"time\":1,\"message\":\"요청을 받아서 처리함\"}", "{\"message\":\"대기열이 길어져서 기다림\",\"time\":2}")]
    [InlineData("A-101 열람실 책상 교체 공사 2층 동쪽 김하늘 담당", "A-102 서고 서가 이전 공사 지하 1층 이바다 담당함")]
    [InlineData("1 홍길동 총무과에서 회의실과 차량 예약을 맡고 있음 내선 12", "2 이바다 시설과에서 냉난방과 승강기를 맡고 있음 내선 34")]
    [InlineData("홍길동;총무과;회의실과 차량 예약 담당;내선 1234", "이바다;시설과;냉난방과 승강기 점검 담당;내선 5678")]
    public void Every_line_of_records_is_a_sentence(string first, string second)
    {
        var text = $"{first}\n{second}";
        Assert.Equal([first, second], SentenceSplitter.Split(text).Select(sentence => text.Substring(sentence.Start, sentence.Length)));
    }

    [Theory]
    [InlineData("도서관은 2031년 5월 1일부터 한 달 동안 열람실의 책상과\n의자를 모두 새것으로 바꾸기로 했다.")]
    [InlineData("30명이 넘는 사람이 모여서 도서관의 여는 시간을 늘려 달라고\n20분 동안 이야기했다.")]
    [InlineData("책, 걸상, 서가, 사물함을 모두 새로 사서 넣기로 했는데, 그 값은\n의자, 서가, 책상, 걸상의 차례로 비쌌다.")]
    public void Hard_wrapped_prose_stays_one_sentence(string text) => Assert.Single(SentenceSplitter.Split(text));

    [Fact]
    public void Johab_is_told_from_CP949()
    {
        const string text = "알림 글\n\n도서관은 오월 첫날부터 저녁 아홉 시까지 엽니다. 많이 찾아와 주십시오.";
        var johab = CodePagesEncodingProvider.Instance.GetEncoding(1361)!;
        var cp949 = CodePagesEncodingProvider.Instance.GetEncoding(949)!;
        Assert.Equal(text, DocumentReader.ReadFile(johab.GetBytes(text), "알림.txt").Text);
        Assert.Equal(text, DocumentReader.ReadFile(cp949.GetBytes(text), "알림.txt").Text);
        Assert.Equal("뷁 똠방각하 펲시 샾", DocumentReader.ReadFile(cp949.GetBytes("뷁 똠방각하 펲시 샾"), "알림.txt").Text);
    }

    private static string Read(string text, string name) => DocumentReader.ReadFile(Encoding.UTF8.GetBytes(text), name).Text;
}
