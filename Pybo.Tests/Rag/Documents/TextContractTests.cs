using System.Text;
using Pybo.Rag.Documents;

namespace Pybo.Tests.Rag.Documents;

public sealed class PlainTextContractTests() : DocumentReaderContract(new PlainTextReader())
{
    private const string Korean = "보고서 제목\n\n첫 문단입니다. 똠방각하 😀\t탭\r\n\r\n\r\n둘째 문단\u0007입니다.";

    protected override IEnumerable<Sample> Samples =>
    [
        Text("메모.txt", Korean),
        Text("윈도.txt", Korean.Replace("😀", "", StringComparison.Ordinal), CodePagesEncodingProvider.Instance.GetEncoding(949)),
        Text("넓은.log", "\uFEFF" + Korean, Encoding.BigEndianUnicode),
        Text("표.csv", "이름,값\n가,1\n나,\"2\n3\"\n"),
    ];
}

public sealed class MarkdownContractTests() : DocumentReaderContract(new MarkdownReader())
{
    protected override IEnumerable<Sample> Samples =>
    [
        Text("글.md", "---\ntitle: 앞 제목\n---\n# 제목\n\n문단 **굵게** [링크](a) `코드`\n\n- 하나\n  - 둘\n\n1. 셋\n\n## 표\n\n| 가 | 나 |\n|---|---|\n| 1 | 2 |\n\n> 인용\n\n```\n코드\n```\n\n<b>태그</b>\n"),
        Text("README.markdown", "본문뿐인 글\n"),
    ];
}
