using System.Text;
using Pybo.Rag.Documents;
using Pybo.Rag.Documents.Rtf;

namespace Pybo.Tests.Rag.Documents.Rtf;

public sealed class RtfTests
{
    private const string Head = @"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0\fcharset0 Arial;}{\f1\fcharset129 \'b8\'bc\'c0\'ba;}}{\colortbl;\red0\green0\blue0;}{\*\generator Word;}{\info{\title 규칙}{\author 아무개}}";

    [Fact]
    public void Korean_is_read_from_its_code_page_and_from_Unicode() => Assert.Equal(
        "가나 다라 “마”.\n\n끝.", Read(@"\pard\f1 \'b0\'a1\'b3\'aa \f0\u45796?\u46972? \ldblquote\u47560?\rdblquote .\par\u45149?.\par}").Text);

    [Fact]
    public void What_is_hidden_deleted_or_not_text_stays_out() => Assert.Equal(
        "Shown text.", Read(@"\pard {\v hidden }{\deleted gone }Shown {\*\unknown x}{\pict\bin3 {}}}text.{\header running}\par}").Text);

    [Fact]
    public void Headings_links_notes_and_raised_characters_are_kept()
    {
        var document = Read(@"\pard\outlinelevel0 Rules\par\pard Area 25 m{\super 2}.{\footnote Since 2024.} {\field{\*\fldinst HYPERLINK ""https://example.org/a""}{\fldrslt {\ul apply}}}\par}");
        Assert.Equal("Rules\n\nArea 25 m². apply (https://example.org/a)\n\n각주: Since 2024.", document.Text);
        Assert.Equal("Rules", Assert.Single(document.Sections).Heading);
    }

    [Fact]
    public void Rows_of_a_table_have_the_names_of_their_columns() => Assert.Equal(
        "Before\n\nName: Kim | Fee: 1,000\nName: Lee | Fee: 2,500\n\nAfter",
        Read(@"\pard Before\par\trowd\pard\intbl Name\cell Fee\cell\row\trowd\pard\intbl Kim\cell 1,000\cell\row\trowd\pard\intbl Lee\cell 2,500\cell\row\pard After\par}").Text);

    [Fact]
    public void The_properties_give_the_title_and_a_cut_file_says_so()
    {
        var whole = Encoding.Latin1.GetBytes(@"{\rtf1{\info{\title Minutes}}Text\par}");
        Assert.Equal(("Minutes", false), (DocumentReader.ReadFile(whole, "a.rtf").Title, DocumentReader.ReadFile(whole, "a.rtf").Truncated));
        Assert.True(DocumentReader.ReadFile(whole.AsMemory()[..^1], "a.rtf").Truncated);
    }

    [Fact]
    public void Groups_nested_too_deep_do_not_stop_the_reader() => Assert.Equal(
        "In Out", Read(new string('{', 200_000) + "In" + new string('}', 200_000) + @" Out\par}").Text);

    private static DocumentText Read(string body) => DocumentReader.ReadFile(Encoding.Latin1.GetBytes(Head.Replace("규칙", "", StringComparison.Ordinal).Replace("아무개", "", StringComparison.Ordinal) + body), "글.rtf");
}

public sealed class RtfContractTests() : DocumentReaderContract(new RtfReader())
{
    protected override IEnumerable<Sample> Samples =>
        [new("글.rtf", Encoding.Latin1.GetBytes(@"{\rtf1\ansi\ansicpg949{\fonttbl{\f0\fcharset129 Batang;}}{\info{\title Rules}}\pard\outlinelevel0 \'b0\'a1\'b3\'aa\par\pard Text with {\b bold} words.\par\trowd\pard\intbl A\cell B\cell\row\pard End.\par}"))];
}
