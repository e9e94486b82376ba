using System.Text;
using Pybo.Rag.Documents.Pdf;

namespace Pybo.Tests.Rag.Documents.Pdf;

public sealed class CMapTests
{
    private const int FirstSyllable = 0xAC00;
    private const int LastSyllable = 0xD7A3;

    public static TheoryData<string> PredefinedNames() =>
        [.. Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "cmaps"), "*.bcmap").Select(path => Path.GetFileNameWithoutExtension(path)!).Order()];

    [Theory]
    [MemberData(nameof(PredefinedNames))]
    public void Every_predefined_map_is_read(string name)
    {
        var map = CMapLibrary.Find(name);
        Assert.NotNull(map);
        Assert.Equal(name.EndsWith("-V", StringComparison.Ordinal) || name == "V", map.IsVertical);
        Assert.InRange(map.ReadCode([0x41, 0x41, 0x41, 0x41], out var length), 1u, uint.MaxValue);
        Assert.InRange(length, 1, 4);
    }

    [Fact]
    public void Threads_share_a_predefined_map()
    {
        for (var round = 0; round < 20; round++)
        {
            var map = new CMap();
            new CMapBinaryReader(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "cmaps", "Adobe-Korea1-UCS2.bcmap"))).ReadInto(map, CMapLibrary.Find);
            var known = CMapLibrary.Texts("Korea1")!;
            Parallel.For(0, 18_000, new() { MaxDegreeOfParallelism = 8 }, number => Assert.Equal(known.Text((uint)number), map.Text((uint)number)));
        }
    }

    [Fact]
    public void A_wide_range_is_found_behind_narrow_ones()
    {
        var ranges = new CMapRanges();
        ranges.Add(0, 10_000, 7);
        for (var code = 1u; code <= 1_000; code++)
        {
            ranges.Add(code, code, 8);
        }

        Assert.True(ranges.TryFind(1_001, out var value, out var offset));
        Assert.Equal((7, 1_001u), (value, offset));
    }

    [Theory]
    [InlineData("UniKS-UTF16-H")]
    [InlineData("UniKS-UTF16-V")]
    [InlineData("UniKS-UCS2-H")]
    [InlineData("UniKS-UTF32-H")]
    public void Every_Korean_syllable_comes_back_from_its_character_number(string name)
    {
        var map = CMapLibrary.Find(name);
        var texts = CMapLibrary.Texts("Korea1");
        Assert.NotNull(map);
        Assert.NotNull(texts);
        for (var syllable = FirstSyllable; syllable <= LastSyllable; syllable++)
        {
            var number = map.Character((uint)syllable);
            Assert.NotEqual(0, number);
            Assert.Equal(((char)syllable).ToString(), texts.Text((uint)number));
            Assert.Equal(((char)syllable).ToString(), map.Text((uint)syllable));
        }
    }

    [Fact]
    public void Codes_of_Windows_Korean_are_those_of_its_code_page()
    {
        var windows = CodePagesEncodingProvider.Instance.GetEncoding(949)!;
        var map = CMapLibrary.Find("KSCms-UHC-H")!;
        var texts = CMapLibrary.Texts("Korea1")!;
        for (var syllable = FirstSyllable; syllable <= LastSyllable; syllable++)
        {
            var bytes = windows.GetBytes(((char)syllable).ToString());
            var code = map.ReadCode(bytes, out var length);
            Assert.Equal(2, length);
            Assert.Equal(((char)syllable).ToString(), texts.Text((uint)map.Character(code)));
        }
    }

    [Theory]
    [InlineData("UniJIS-UTF16-H", "Japan1", "日本語のテスト")]
    [InlineData("UniGB-UTF16-H", "GB1", "中文测试")]
    [InlineData("UniCNS-UTF16-H", "CNS1", "中文測試")]
    public void Japanese_and_Chinese_characters_come_back_from_their_numbers(string name, string ordering, string text)
    {
        var map = CMapLibrary.Find(name)!;
        Assert.Equal(text, string.Concat(text.Select(c => CMapLibrary.Texts(ordering)!.Text((uint)map.Character(c)))));
    }

    [Theory]
    [InlineData("UniAKR-UTF8-H", new byte[] { 0xEA, 0xB0, 0x80, 0x41 }, "가A")]
    [InlineData("UniAKR-UTF16-H", new byte[] { 0xAC, 0x00, 0xD8, 0x3D, 0xDE, 0x00, 0x00, 0x41 }, "가😀A")]
    [InlineData("UniAKR-UTF32-H", new byte[] { 0, 0, 0xAC, 0x00, 0, 1, 0xF6, 0x00 }, "가😀")]
    public void Codes_that_are_Unicode_need_no_map(string name, byte[] bytes, string text)
    {
        var read = new StringBuilder();
        for (var at = 0; at < bytes.Length;)
        {
            read.Append(CMapLibrary.Find(name)!.Text(CMapLibrary.Find(name)!.ReadCode(bytes.AsSpan(at), out var length)));
            at += length;
        }

        Assert.Equal(text, read.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("../KSC-H")]
    [InlineData("NoSuchMap")]
    [InlineData("UniKS-UTF16-H-and-a-name-that-is-far-too-long")]
    public void A_name_that_is_no_map_finds_none(string name) => Assert.Null(CMapLibrary.Find(name));

    [Fact]
    public void Texts_are_single_counted_and_listed()
    {
        var map = Parse("""
            1 begincodespacerange <00> <FF> endcodespacerange
            2 beginbfchar <01> <AC00> <02> <D83DDE00> endbfchar
            3 beginbfrange <10> <12> <0041> <20> <22> [<0078> /alpha <00660069>] <30> <31> <00660061> endbfrange
            """);
        Assert.Equal(["가", "😀", "A", "B", "C", "x", "α", "fi", "fa", "fb", null],
            new uint[] { 0x01, 0x02, 0x10, 0x11, 0x12, 0x20, 0x21, 0x22, 0x30, 0x31, 0x32 }.Select(map.Text));
    }

    [Fact]
    public void Character_numbers_are_single_and_counted_and_undefined_ones_are_passed_over()
    {
        var map = Parse("""
            /WMode 1 def
            2 begincodespacerange <00> <80> <8140> <FEFE> endcodespacerange
            1 beginnotdefrange <00> <1F> 1 endnotdefrange
            1 begincidchar <41> 34 endcidchar
            1 begincidrange <8140> <817E> 100 endcidrange
            """);
        Assert.True(map.IsVertical);
        Assert.Equal(0x41u, map.ReadCode([0x41, 0x42], out var single));
        Assert.Equal(0x8142u, map.ReadCode([0x81, 0x42], out var pair));
        Assert.Equal((1, 2), (single, pair));
        Assert.Equal([34, 102, 0], new uint[] { 0x41, 0x8142, 0x1F }.Select(map.Character));
    }

    [Fact]
    public void Each_byte_of_a_code_has_its_own_range()
    {
        var map = Parse("2 begincodespacerange <00> <80> <8140> <9FFC> endcodespacerange");
        map.ReadCode([0x81, 0x20], out var length);
        Assert.Equal(2, length); // 0x20 is no second byte: the pair is one code that nothing maps.
        map.ReadCode([0xFF], out length);
        Assert.Equal(1, length);
    }

    [Fact]
    public void A_map_builds_on_a_predefined_one()
    {
        var map = Parse("/KSCms-UHC-H usecmap 1 begincidchar <41> 9 endcidchar");
        Assert.Equal(9, map.Character(0x41));
        Assert.Equal("가", CMapLibrary.Texts("Korea1")!.Text((uint)map.Character(map.ReadCode([0xB0, 0xA1], out _))));
    }

    [Fact]
    public void Maps_that_use_each_other_end()
    {
        CMap first = new(), second = new();
        first.AddCharacters(1, 1, 7);
        second.Use(first);
        first.Use(first);
        Assert.Equal(7, second.Character(1));
        Assert.Equal(0, second.Character(2));

        CMap deep = new();
        for (var level = 0; level < 100; level++)
        {
            var next = new CMap();
            next.Use(deep);
            deep = next;
        }

        Assert.Null(deep.Text(1));
    }

    [Fact]
    public void A_map_of_one_text_for_everything_says_nothing()
    {
        Assert.True(Parse("6 beginbfchar <01> <0020> <02> <0020> <03> <0020> <04> <0020> <05> <0020> <06> <0020> endbfchar").SaysNothing);
        Assert.True(Parse("2 beginbfchar <01> <0000> <02> <FFFD> endbfchar").SaysNothing);
        Assert.False(Parse("2 beginbfchar <01> <0020> <02> <0041> endbfchar").SaysNothing);
    }

    [Fact]
    public void A_small_map_does_not_grow()
    {
        var long1000 = string.Concat(Enumerable.Repeat("0041", 1_000));
        Assert.Equal(CMap.TextLengthMax, Parse($"1 beginbfrange <0000> <FFFF> <{long1000}> endbfrange").Text(0)!.Length);
        Assert.Equal("F", Parse("1 beginbfrange <00000000> <FFFFFFFF> <0041> endbfrange").Text(5));
    }

    [Theory]
    [InlineData("begincodespacerange <")]
    [InlineData("1 beginbfrange <00> <FF> [ <41>")]
    [InlineData("1 beginbfrange <FF> <00> <0041> endbfrange")]
    [InlineData("beginbfchar beginbfchar usecmap endcmap 1 2 3 << [ ] >>")]
    [InlineData("1 begincidrange <00> <FF> -5 <00> <FFFFFFFF> 99999999 endcidrange")]
    public void A_broken_map_gives_what_it_has(string text)
    {
        var map = Parse(text);
        Assert.True(map.Text(0xFFFE) is null);
        Assert.Equal(0, map.Character(0xFFFE));
    }

    private static CMap Parse(string text) => CMapParser.Parse(Encoding.Latin1.GetBytes(text), CMapLibrary.Find);
}
