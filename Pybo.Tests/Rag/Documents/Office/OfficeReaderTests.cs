using Pybo.Rag.Documents;
using Pybo.Rag.Documents.Zip;
using static Pybo.Tests.Rag.Documents.Office.OfficeFile;

namespace Pybo.Tests.Rag.Documents.Office;

public sealed class OfficeReaderTests
{
    [Fact]
    public void Headings_of_every_edition_make_sections()
    {
        var styles = Xml("w:styles", """
            <w:style w:styleId="a"><w:name w:val="heading 1"/></w:style><w:style w:styleId="b"><w:name w:val="제목 2"/></w:style>
            <w:style w:styleId="c"><w:basedOn w:val="b"/></w:style><w:style w:styleId="x"><w:basedOn w:val="y"/></w:style>
            <w:style w:styleId="y"><w:basedOn w:val="x"/></w:style>
            """);
        var document = Read(Docx(
            P("총칙", "<w:pStyle w:val=\"a\"/>") + P("목적", "<w:pStyle w:val=\"c\"/>") + P("본문이다.", "<w:pStyle w:val=\"x\"/>") + P("부칙", "<w:outlineLvl w:val=\"0\"/>"),
            ("styles", styles)));
        Assert.Equal("총칙\n\n목적\n\n본문이다.\n\n부칙", document.Text);
        Assert.Equal([("총칙", 1), ("목적", 2), ("부칙", 1)], document.Sections.Select(s => (s.Heading!, s.Level)));
        Assert.Equal("총칙", document.Title);
    }

    [Fact]
    public void Lists_are_numbered_as_Word_shows_them()
    {
        var numbering = Xml("w:numbering", """
            <w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="제%1조"/></w:lvl>
            <w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="ganada"/><w:lvlText w:val="%2."/></w:lvl></w:abstractNum>
            <w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>
            """);
        static string Item(int level, string text) => P(text, $"<w:numPr><w:ilvl w:val=\"{level}\"/><w:numId w:val=\"1\"/></w:numPr>");
        var document = Read(Docx(Item(0, "목적") + Item(1, "하나") + Item(1, "둘") + Item(0, "정의") + Item(1, "셋"), ("numbering", numbering)));
        Assert.Equal("제1조 목적\n가. 하나\n나. 둘\n제2조 정의\n가. 셋", document.Text);
    }

    [Fact]
    public void A_table_becomes_readable_rows()
    {
        static string Cell(string text) => $"<w:tc>{text}</w:tc>";
        var inner = $"<w:tbl><w:tr>{Cell(P("안"))}{Cell(P("쪽"))}</w:tr></w:tbl>";
        var document = Read(Docx($"<w:tbl><w:tr>{Cell(P("이름"))}{Cell(P("값"))}</w:tr><w:tr>{Cell(P("가") + inner)}{Cell(P("1"))}</w:tr></w:tbl>"));
        Assert.Equal("이름 | 값\n가 안 쪽 | 1", document.Text);
    }

    [Fact]
    public void Only_text_that_Word_shows_is_read()
    {
        var document = Read(Docx("""
            <w:p><w:r><w:t>앞</w:t><w:tab/><w:t>뒤</w:t><w:noBreakHyphen/><w:softHyphen/><w:t>끝</w:t></w:r>
            <w:del><w:r><w:delText>지움</w:delText></w:r></w:del><w:ins><w:r><w:t>넣음</w:t></w:r></w:ins><w:moveFrom><w:r><w:t>옮김</w:t></w:r></w:moveFrom>
            <w:r><w:instrText>PAGE</w:instrText></w:r><w:r><w:rPr><w:vanish/></w:rPr><w:t>숨김</w:t></w:r>
            <w:ruby><w:rt><w:r><w:t>한</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>漢</w:t></w:r></w:rubyBase></w:ruby>
            <m:oMath><m:r><m:t>x=1</m:t></m:r></m:oMath><w:r><w:sym w:font="Wingdings" w:char="F0FC"/></w:r></w:p>
            <w:p><w:r><mc:AlternateContent><mc:Choice><w:txbxContent><w:p><w:r><w:t>상자</w:t></w:r></w:p></w:txbxContent></mc:Choice>
            <mc:Fallback><w:txbxContent><w:p><w:r><w:t>상자</w:t></w:r></w:p></w:txbxContent></mc:Fallback></mc:AlternateContent></w:r></w:p><w:altChunk/>
            """));
        Assert.Equal("앞\t뒤-끝넣음漢x=1✓\n\n상자", document.Text);
        Assert.Equal(2, document.Warnings.Count);
    }

    [Fact]
    public void Notes_follow_their_paragraph_and_pages_break_where_Word_broke_them()
    {
        var notes = Xml("w:footnotes", $"<w:footnote w:id=\"0\" w:type=\"separator\">{P("---")}</w:footnote><w:footnote w:id=\"2\">{P("출처")}</w:footnote>");
        var document = Read(Docx(
            "<w:p><w:r><w:t>첫 쪽</w:t><w:footnoteReference w:id=\"2\"/><w:br w:type=\"page\"/></w:r></w:p><w:p><w:r><w:lastRenderedPageBreak/><w:t>둘째 쪽</w:t></w:r></w:p>",
            ("footnotes", notes), ("header", Xml("w:hdr", P("머리글")))));
        Assert.Equal("첫 쪽\n\n각주: 출처\n\n둘째 쪽\n\n머리글", document.Text);
        Assert.Equal(2, document.Pages.Count);
        Assert.StartsWith("둘째", document.Text[document.Pages[1].Start..].TrimStart(), StringComparison.Ordinal);
    }

    [Fact]
    public void Slides_are_read_in_presentation_order_with_titles_and_notes()
    {
        var document = Read(Package(
            ("_rels/.rels", Rels(("m", "officeDocument", "ppt/main.xml"))),
            ("ppt/main.xml", Xml("p:presentation", "<p:sldIdLst><p:sldId id=\"7\" r:id=\"b\"/><p:sldId id=\"8\" r:id=\"a\"/></p:sldIdLst><p:sldSz cx=\"9144000\" cy=\"6858000\"/>")),
            ("ppt/_rels/main.xml.rels", Rels(("a", "slide", "slides/1.xml"), ("b", "slide", "slides/2.xml"))),
            ("ppt/slides/1.xml", Xml("p:sld", Shape("title", "나중") + Shape("body", "둘")).Replace("<p:sld ", "<p:sld show=\"0\" ", StringComparison.Ordinal)),
            ("ppt/slides/2.xml", Xml("p:sld", Shape("title", "먼저") + Shape("body", "하나"))),
            ("ppt/slides/_rels/2.xml.rels", Rels(("n", "notesSlide", "../notes/n.xml"))),
            ("ppt/notes/n.xml", Xml("p:notes", Shape("body", "말할 것")))));
        Assert.Equal("먼저\n\n하나\n\n말할 것", document.Text);
        Assert.Equal([(720f, 540f), (720f, 540f)], document.Pages.Select(p => (p.Width, p.Height)));
        Assert.Equal(["먼저"], document.Sections.Where(s => s.Level == 1).Select(s => s.Heading!));
        Assert.Equal("숨긴 슬라이드 1장은 읽지 않았습니다.", Assert.Single(document.Warnings.Said()));
    }

    [Fact]
    public void Shapes_drawn_before_a_slides_title_belong_to_its_section()
    {
        var document = Read(Pptx([
            Xml("p:sld", Shape("title", "하나") + Shape("body", "첫 글")),
            Xml("p:sld", Shape("body", "배경") + Shape("pic", "그림") + Shape("title", "둘") + Shape("body", "둘째 글"))]));
        Assert.Equal("하나\n\n첫 글\n\n둘\n\n배경\n\n그림\n\n둘째 글", document.Text);
        Assert.Equal(["하나", "둘"], document.Sections.Select(s => s.Heading!));
    }

    [Fact]
    public void SmartArt_paragraphs_are_separate_lines()
    {
        const string diagram = """
            <dgm:ptLst><dgm:pt><dgm:t><a:p><a:r><a:t>첫째</a:t></a:r><a:br/><a:r><a:t>줄 </a:t></a:r><a:r><a:t>둘</a:t></a:r></a:p><a:p><a:r><a:t>둘째</a:t></a:r></a:p></dgm:t></dgm:pt>
            <dgm:pt><dgm:t><a:p><a:r><a:t>셋째</a:t></a:r></a:p></dgm:t></dgm:pt></dgm:ptLst>
            """;
        Assert.Equal("본문\n\n첫째\n줄 둘\n둘째\n셋째", Read(Docx(P("본문") + "<w:p><w:r><dgm:relIds r:dm=\"diagramData\"/></w:r></w:p>", ("diagramData", Xml("dgm:dataModel", diagram)))).Text);
    }

    [Fact]
    public void A_missing_slide_or_sheet_is_reported()
    {
        byte[] Without(byte[] bytes, string name)
        {
            var (from, to) = (System.Text.Encoding.ASCII.GetBytes(name), System.Text.Encoding.ASCII.GetBytes(name.Replace('/', '_')));
            for (var at = bytes.AsSpan().IndexOf(from); at >= 0; at = bytes.AsSpan().IndexOf(from))
            {
                to.CopyTo(bytes, at);
            }

            return bytes;
        }

        var deck = Read(Without(Pptx([Xml("p:sld", Shape("title", "하나")), Xml("p:sld", Shape("title", "둘"))]), "ppt/slides/0.xml"));
        Assert.Equal("둘", deck.Text);
        Assert.Equal(2, deck.Pages.Count);
        Assert.Equal((true, "파일이 온전하지 않습니다. 안에 있어야 할 'ppt/slides/0.xml'이(가) 없습니다."), (deck.Truncated, Assert.Single(deck.Warnings.Said())));
        var workbook = Read(Without(Xlsx("<row><c><v>1</v></c></row>"), "xl/worksheets/a.xml"));
        Assert.Equal((true, "파일이 온전하지 않습니다. 안에 있어야 할 'xl/worksheets/a.xml'이(가) 없습니다."), (workbook.Truncated, Assert.Single(workbook.Warnings.Said())));
    }

    [Fact]
    public void A_workbook_takes_its_title_from_its_file_name_and_a_deck_from_its_first_title()
    {
        var workbook = DocumentReader.ReadFile(Xlsx("<row><c><v>1</v></c></row>"), "2024년 예산.xlsx");
        Assert.Equal("2024년 예산", workbook.Title);
        Assert.Equal([("매출", 2)], workbook.Sections.Select(s => (s.Heading!, s.Level)));
        var deck = Read(Pptx([Xml("p:sld", Shape("title", "사업 계획"))], ("core-properties", Xml("cp:coreProperties", "<dc:title>PowerPoint 프레젠테이션</dc:title>"))));
        Assert.Equal("사업 계획", deck.Title);
        var named = Read(Pptx([Xml("p:sld", Shape("title", "사업 계획"))], ("core-properties", Xml("cp:coreProperties", "<dc:title>2025년 계획</dc:title>"))));
        Assert.Equal("2025년 계획", named.Title);
    }

    [Fact]
    public void Escaped_characters_of_a_cell_are_unescaped()
    {
        const string rows = """
            <row><c t="s"><v>0</v></c></row><row><c t="str"><v>다_x000A_라_xD83D__xDE00_</v></c></row><row><c t="inlineStr"><is><t>마_x0009_바_x00</t></is></c></row>
            """;
        Assert.Equal("매출\n\n가 나_x000D_\n다 라😀\n마 바_x00", Read(Xlsx(rows, "<si><t>가_x000D_\n나_x005F_x000D_</t></si>")).Text);
    }

    [Fact]
    public void Cells_that_claim_one_column_are_still_two()
    {
        const string rows = """<row><c r="A1" t="str"><v>가</v></c><c r="A1" t="str"><v>나</v></c><c r="B1" t="str"><v>다</v></c><c r="A1" t="str"><v>라</v></c><c r="D1" t="str"><v>마</v></c></row>""";
        Assert.Equal("매출\n\n가 | 나 | 다 | 라 | 마", Read(Xlsx(rows)).Text);
    }

    [Fact]
    public void Rows_keep_their_order_and_false_cell_references_do_no_harm()
    {
        const string rows = """
            <row r="1"><c r="B1" t="s"><v>0</v></c><c r="C1" t="s"><v>1</v></c></row><row r="2"/>
            <row r="3"><c r="B3" t="b"><v>1</v></c><c r="D3" t="inlineStr"><is><t>글</t></is></c></row>
            <row r="4"><c r="B4" t="s"><v>99</v></c><c r="ZZZZZZZ4" t="s"><v>-1</v></c><c r="!" t="e"><v>#N/A</v></c><c r="XFD4"><v>7</v></c></row>
            """;
        var document = Read(Xlsx(rows, "<si><r><t>이</t></r><r><t>름</t></r><rPh><t>음</t></rPh></si><si><t>값</t></si>"));
        Assert.Equal(["매출", "", "이름 | 값", "", "TRUE | 글"], document.Text.Split('\n')[..5]);
        Assert.EndsWith("#N/A | 7", document.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Deep_and_endless_documents_end_at_their_limits()
    {
        const int depth = 30_000;
        var deep = string.Concat(Enumerable.Repeat("<w:sdt>", depth)) + string.Concat(Enumerable.Repeat("</w:sdt>", depth));
        var document = Read(Docx(P("앞") + deep));
        Assert.Equal("앞", document.Text);
        Assert.True(document.Truncated);

        const string laughs = "<!DOCTYPE a [<!ENTITY b \"c\"><!ENTITY d \"&b;&b;&b;\">]>";
        var bomb = Read(Package(("word/document.xml", laughs + Xml("w:document", P("&d;")))));
        Assert.Equal("", bomb.Text);
        Assert.Single(bomb.Warnings.Said());
    }

    [Fact]
    public void Countless_empty_paragraphs_end_at_the_compression_ratio_limit()
    {
        const int paragraphs = 2_000_000;
        var empty = Read(Package(("word/document.xml", Xml("w:document", P("앞") + string.Concat(Enumerable.Repeat("<w:p/>", paragraphs))))));
        Assert.Equal("앞", empty.Text);
        Assert.True(empty.Truncated);
    }

    [Fact]
    public void A_text_cut_inside_a_cell_a_row_or_a_paragraph_has_a_warning()
    {
        const int halfCharacters = 600_000;
        var half = string.Concat(Enumerable.Range(100_000, halfCharacters / 6));
        AssertCut(Read(Docx($"<w:tbl><w:tr><w:tc>{P(half)}{P(half)}</w:tc></w:tr></w:tbl>" + P("뒤"))));
        AssertCut(Read(Docx(P("본문"), ("header", Xml("w:hdr", P("머리글" + half) + P(half))))));
        AssertCut(Read(Xlsx($"<row><c t=\"str\"><v>{half}</v></c><c t=\"str\"><v>{half}</v></c></row>")));
        AssertCut(Read(Pptx([Xml("p:sld", Shape("body", $"{half}</a:t></a:r><a:r><a:t>{half}"))])));

        static void AssertCut(DocumentText document)
        {
            Assert.InRange(document.Text.Length, 1_000_000 - 1, 1_000_020);
            Assert.Equal((true, XmlScanner.CutReason.Said()), (document.Truncated, Assert.Single(document.Warnings.Said())));
        }
    }

    [Fact]
    public void Styles_beyond_their_limit_do_not_change_the_last_one()
    {
        const int stylesMax = 20_000;
        var styles = string.Concat(Enumerable.Range(0, stylesMax + 1).Select(at => $"<w:style w:styleId=\"{at}\">{(at == stylesMax ? "<w:outlineLvl w:val=\"0\"/>" : "")}</w:style>"));
        Assert.Null(Assert.Single(Read(Docx(P("본문", $"<w:pStyle w:val=\"{stylesMax - 1}\"/>"), ("styles", Xml("w:styles", styles)))).Sections).Heading);
    }

    [Fact]
    public void Sheets_beyond_the_limit_are_counted()
    {
        const int sheetsMax = 2_000;
        var sheets = string.Concat(Enumerable.Repeat("<sheet r:id=\"s\"/>", sheetsMax));
        const string row = "<row><c><v>1</v></c></row>";
        Assert.Empty(Read(Xlsx(row, workbook: $"<sheets>{sheets[..^"<sheet r:id=\"s\"/>".Length]}</sheets>")).Warnings);
        Assert.Equal("시트가 너무 많아 앞의 2,000개만 읽었습니다.", Assert.Single(Read(Xlsx(row, workbook: $"<sheets>{sheets}</sheets>")).Warnings.Said()));
    }

    private static DocumentText Read(byte[] bytes) => DocumentReader.ReadFile(bytes, "파일");
}
