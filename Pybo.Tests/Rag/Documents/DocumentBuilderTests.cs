using Pybo.Rag.Documents;
using Pybo.Rag.Passages;

namespace Pybo.Tests.Rag.Documents;

public sealed class DocumentBuilderTests
{
    [Fact]
    public void A_heading_as_long_as_a_paragraph_becomes_a_paragraph()
    {
        var text = new string('가', DocumentReader.TitleCharactersMax + 1);
        var document = DocumentBuilder.Collect([BlockPart.Heading(1, "제목"), BlockPart.Heading(2, text), BlockPart.Paragraph("끝")], "a");
        Assert.Equal($"제목\n\n{text}\n\n끝", document.Text);
        Assert.Equal("제목", Assert.Single(document.Sections).Heading);
        DocumentReaderContract.AssertShape(document);
    }

    [Fact]
    public void A_heading_of_the_maximum_length_stays_a_heading()
    {
        var text = new string('가', DocumentReader.TitleCharactersMax);
        Assert.Equal(text, Assert.Single(DocumentBuilder.Collect([BlockPart.Heading(2, text)], "a").Sections).Heading);
    }

    [Theory]
    [InlineData("a.md", "단락 {0}\n---\n\n끝")]
    [InlineData("a.html", "<!DOCTYPE html><h3><p>단락 {0}</p></h3><p>끝</p>")]
    public void A_paragraph_marked_as_a_heading_is_read_whole(string fileName, string content)
    {
        var words = string.Join(' ', Enumerable.Range(0, 200).Select(i => $"낱말{i}"));
        var document = DocumentReader.ReadFile(System.Text.Encoding.UTF8.GetBytes(content.Replace("{0}", words, StringComparison.Ordinal)), fileName);
        Assert.Equal($"단락 {words}\n\n끝", document.Text);
        Assert.Null(Assert.Single(document.Sections).Heading);
    }

    /// <summary>The separator before the heading fills the remaining room, or all but one character of it.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void A_heading_without_enough_room_leaves_no_section(int room)
    {
        var document = DocumentBuilder.Collect([BlockPart.Paragraph(new string('a', DocumentReader.CharactersMax - room)), BlockPart.Heading(1, "가나")], "a");
        Assert.True(document.Truncated);
        Assert.Equal(room > 2 ? 2 : 1, document.Sections.Count);
        DocumentReaderContract.AssertShape(document);
        Assert.NotEmpty(new Chunker(_ => 1).Split(document));
    }
}
