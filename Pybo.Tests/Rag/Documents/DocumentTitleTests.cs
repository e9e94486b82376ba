using Pybo.Rag.Documents;

namespace Pybo.Tests.Rag.Documents;

public sealed class DocumentTitleTests
{
    [Theory]
    [InlineData("2024년 업무 계획", "2024년 업무 계획")]
    [InlineData(" \u0000 ", null)]
    [InlineData("Microsoft Word - 보고서.doc", null)]
    [InlineData("보고서 최종.hwp", null)]
    [InlineData("untitled", null)]
    [InlineData("제목 없음", null)]
    [InlineData("PowerPoint 프레젠테이션", null)]
    [InlineData("Slide 1", null)]
    [InlineData("빈 문서 1", null)]
    [InlineData("ÇÑ±Û ¹®¼­", null)]
    [InlineData("\uFFFD\uFFFD보고", null)]
    [InlineData("- 1 -", null)]
    [InlineData("Über allen Gipfeln", "Über allen Gipfeln")]
    [InlineData("Book of Changes", "Book of Changes")]
    public void A_title_that_a_program_wrote_is_ignored(string title, string? read) => Assert.Equal(read, DocumentTitle.Of(title));
}
