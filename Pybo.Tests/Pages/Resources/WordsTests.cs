using System.Globalization;
using System.Resources;
using System.Text.RegularExpressions;
using Pybo.Data;
using Pybo.Pages.Resources;
using Pybo.Rag.Retrieval;

namespace Pybo.Tests.Pages.Resources;

/// <summary>Every word that a reader sees is a resource, in both languages.</summary>
public sealed partial class WordsTests
{
    private static readonly CultureInfo Korean = CultureInfo.InvariantCulture;
    private static readonly CultureInfo English = CultureInfo.GetCultureInfo("en");

    /// <summary>Files that process Korean, or store it once for readers of any language.</summary>
    private static readonly HashSet<string> KoreanEngine =
    [
        "Data/Korean/Amount.cs",
        "Data/Korean/AskedKind.cs",
        "Data/Korean/AskingSentence.cs",
        "Data/Korean/ColumnWords.cs",
        "Data/Korean/ComparisonQuestion.cs",
        "Data/Korean/Courtesy.cs",
        "Data/Korean/ExactTerms.cs",
        "Data/Korean/HangulSyllable.cs",
        "Data/Korean/HanjaReadings.cs",
        "Data/Korean/InitialConsonants.cs",
        "Data/Korean/KoreanLineBreak.cs",
        "Data/Korean/KoreanParticles.cs",
        "Data/Korean/ListQuestion.cs",
        "Data/Korean/NamedThings.cs",
        "Data/Korean/QuestionFocus.cs",
        "Data/Korean/StatedTerms.cs",
        "Data/Korean/SummaryWords.cs",
        "Data/Korean/TableQuestion.cs",
        "Data/Korean/TypingErrors.cs",
        "Data/Korean/WholeQuestion.cs",
        "Data/StoredWords.cs",
        "Pages/Account/Passwords/CommonPasswords.cs",
        "Pages/Account/Names/ReservedNames.cs",
        "Rag/Chat/DocumentQuestions.cs",
        "Rag/Chat/Answering/QuotableSentences.cs",
        "Rag/Chat/Citations/CitationScanner.cs",
        "Rag/Retrieval/FollowUp.cs",
        "Rag/Retrieval/TermShare.cs",
        "Rag/Models/EmbeddingCentre.cs",
        "Rag/Documents/DocumentTitle.cs",
        "Rag/Documents/Hwp/HwpDescription.cs",
        "Rag/Documents/Hwp/HwpNumbering.cs",
        "Rag/Documents/Hwp/HwpStyles.cs",
        "Rag/Documents/Office/DocxStyles.cs",
        "Rag/Documents/Office/Sheets/NumberText.cs",
        "Rag/Documents/Office/Sheets/XlsxFormatCode.cs",
        "Rag/Documents/Office/Sheets/XlsxNumberFormat.cs",
        "Rag/Documents/Pdf/Layout/PdfLineEnd.cs",
        "Rag/Documents/Pdf/Layout/PdfListMarks.cs",
        "Rag/Documents/Pdf/Layout/PdfSpanBuilder.cs",
        "Rag/Documents/ScriptText.cs",
        "Rag/Documents/SentenceSplitter.cs",
        "Rag/Documents/Tables/TableHeader.cs",
        "Rag/Documents/Tables/TableLabels.cs",
        "Rag/Documents/Tables/TableUnit.cs",
        "Rag/Documents/Text/KoreanEncoding.cs",
        "Rag/Documents/Text/TextDecoder.cs",
    ];

    public static TheoryData<string> Rooms => [.. typeof(CommonWords).Assembly.GetManifestResourceNames().Where(name => name.EndsWith("Words.resources", StringComparison.Ordinal)).Select(name => name[..^".resources".Length])];

    [Fact]
    public void Resource_files_are_found() => Assert.True(Rooms.Count >= 9);

    [Theory]
    [MemberData(nameof(Rooms))]
    public void No_sentence_is_missing_in_either_language_or_has_other_placeholders(string room)
    {
        var (korean, english) = (Read(room, Korean), Read(room, English));
        Assert.Equal(korean.Keys.Order(StringComparer.Ordinal), english.Keys.Order(StringComparer.Ordinal));
        Assert.All(korean, pair =>
        {
            Assert.False(string.IsNullOrWhiteSpace(pair.Value) || string.IsNullOrWhiteSpace(english[pair.Key]), pair.Key);
            Assert.All(english[pair.Key].Split('|'), form => Assert.Equal(Places(pair.Value), Places(form)));
            Assert.DoesNotMatch(Hangul(), english[pair.Key]);
        });
    }

    [Theory]
    [MemberData(nameof(Rooms))]
    public void No_sentence_is_unused(string room)
    {
        var name = room[(room.LastIndexOf('.') + 1)..];
        var used = name == nameof(ProblemWords)
            ? Problems().ToHashSet(StringComparer.Ordinal)
            : Sources().SelectMany(file => Regex.Matches(File.ReadAllText(file), $@"\b{name}\.(\w+)").Select(match => match.Groups[1].Value)).ToHashSet(StringComparer.Ordinal);
        Assert.All(Read(room, Korean).Keys, key => Assert.Contains(key, used));
    }

    [Fact]
    public void Every_problem_has_its_sentence()
    {
        var sentences = Read(typeof(ProblemWords).FullName!, Korean);
        Assert.NotEmpty(Problems());
        Assert.All(Problems(), code => Assert.Contains(code, sentences.Keys));
    }

    [Fact]
    public void Korean_occurs_only_in_the_resources_and_the_Korean_text_engine()
    {
        List<string> found = [];
        foreach (var file in Sources())
        {
            var path = Path.GetRelativePath(Repository.Root, file).Replace(Path.DirectorySeparatorChar, '/');
            if (Hangul().IsMatch(Comments().Replace(File.ReadAllText(file), "")))
            {
                found.Add(path);
            }
        }

        Assert.Equal(KoreanEngine.Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_stored_notice_survives_a_round_trip_and_is_shown_in_the_readers_language()
    {
        var inner = Notice.Of(Pybo.Rag.Documents.ReadingProblem.Binary);
        var notice = Notice.Of(Pybo.Rag.Documents.ReadingProblem.UnknownKind, inner, ".hwp, \"가\"\n");
        var again = Notice.Parse(notice.ToString());
        Assert.Equal(notice, again);
        Assert.DoesNotContain('\n', notice.ToString());
        Assert.Equal("읽을 수 없는 종류의 파일입니다. 글이 아니라 이진 파일입니다. 읽을 수 있는 확장자: .hwp, \"가\"\n", NoticeWords.Of(again!));
        Assert.Equal("[\"ReadingProblem_TooManyPages\",5000]", Notice.Of(Pybo.Rag.Documents.ReadingProblem.TooManyPages, 5_000).ToString());
        Assert.Equal("쪽이 너무 많아 앞의 5,000쪽만 읽었습니다.", NoticeWords.OfStored("[\"ReadingProblem_TooManyPages\",5000]"));
    }

    [Theory]
    [InlineData("암호가 걸린 파일입니다.")]
    [InlineData("[1] 낱말")]
    [InlineData("[\"ReadingProblem_TooManyPages\",")]
    [InlineData("[\"ReadingProblem_TooManyPages\",{}]")]
    [InlineData("[\"ReadingProblem_TooManyPages\",null]")]
    public void Text_that_is_not_a_notice_is_shown_unchanged(string stored)
    {
        Assert.Null(Notice.Parse(stored));
        Assert.Equal(stored, NoticeWords.OfStored(stored));
    }

    [Fact]
    public void A_notice_with_too_few_values_is_still_shown() =>
        Assert.Equal("쪽이 너무 많아 앞의 쪽만 읽었습니다.", NoticeWords.OfStored("[\"ReadingProblem_TooManyPages\"]"));

    [Fact]
    public void A_notice_too_long_for_its_column_stays_readable()
    {
        var stored = Notice.Of(Pybo.Rag.Documents.ReadingProblem.HiddenSheets, new string('가', 5_000)).Stored(500);
        Assert.True(stored.Length <= 500);
        Assert.StartsWith("숨긴 시트도 함께 읽었습니다: 가가", NoticeWords.OfStored(stored), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("de", 1, "1 answer")]
    public void The_count_one_has_its_own_form_in_English(string elsewhere, long count, string one)
    {
        Assert.Equal(one, "{0:N0} answer|{0:N0} answers".Count(count));
        Assert.Equal("2,000 answers", "{0:N0} answer|{0:N0} answers".Count(2_000));
        Assert.Equal("ko", Pybo.Pages.Languages.Of(CultureInfo.GetCultureInfo(elsewhere)).Name);
        Assert.Equal("en", Pybo.Pages.Languages.Of(CultureInfo.GetCultureInfo("en-GB")).Name);
    }

    private static Dictionary<string, string> Read(string room, CultureInfo language) =>
        new ResourceManager(room, typeof(CommonWords).Assembly).GetResourceSet(language, createIfNotExists: true, tryParents: false)!
            .Cast<System.Collections.DictionaryEntry>().ToDictionary(entry => (string)entry.Key, entry => (string)entry.Value!);

    private static IEnumerable<string> Places(string sentence) => Place().Matches(sentence).Select(match => match.Value).Distinct().Order(StringComparer.Ordinal);

    /// <summary>The codes of all notices.</summary>
    private static IEnumerable<string> Problems() => typeof(Notice).Assembly.GetTypes().Where(type => type.IsEnum && type.Name.EndsWith("Problem", StringComparison.Ordinal))
        .SelectMany(type => Enum.GetNames(type).Select(name => $"{type.Name}_{name}"));

    /// <summary>All files that are compiled or sent.</summary>
    private static IEnumerable<string> Sources()
    {
        string[] folders = ["Data", "Pages", "Rag", "wwwroot/js"];
        return folders.SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*", SearchOption.AllDirectories))
            .Concat(Directory.EnumerateFiles(Repository.Root, "*.cs"))
            .Where(file => Path.GetExtension(file) is ".cs" or ".cshtml" or ".js");
    }

    [GeneratedRegex(@"\p{IsHangulSyllables}|\p{IsHangulJamo}|\p{IsHangulCompatibilityJamo}")]
    private static partial Regex Hangul();

    [GeneratedRegex(@"(?<!\{)\{(\d+)[^}]*\}")]
    private static partial Regex Place();

    [GeneratedRegex(@"(?<![:""])//[^\n]*|@\*.*?\*@", RegexOptions.Singleline)]
    private static partial Regex Comments();
}
