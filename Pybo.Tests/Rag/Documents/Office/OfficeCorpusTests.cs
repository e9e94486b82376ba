using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;
using Pybo.Rag.Documents;

namespace Pybo.Tests.Rag.Documents.Office;

/// <summary>Real files: each yields text or a reason, and its words are those of its XML.</summary>
public sealed partial class OfficeCorpusTests(ITestOutputHelper output)
{
    /// <summary>The crude search skips fallback copies, but finds text that a reader leaves out: slide numbers, unused strings.</summary>
    private const double RecallMin = .99;

    [Theory]
    [InlineData("docx")]
    [InlineData("pptx")]
    [InlineData("xlsx")]
    public void Every_file_yields_its_words_or_a_reason(string folder)
    {
        var (words, found) = (0L, 0L);
        foreach (var path in Directory.EnumerateFiles(Repository.Shared("corpus/" + folder)).Order(StringComparer.Ordinal))
        {
            var bytes = File.ReadAllBytes(path);
            try
            {
                var document = DocumentReader.ReadFile(bytes, path);
                var text = Words(document.Text).ToHashSet(StringComparer.Ordinal);
                var expected = Words(Oracle(bytes)).ToList();
                var missing = expected.Where(word => !text.Contains(word)).ToList();
                (words, found) = (words + expected.Count, found + expected.Count - missing.Count);
                if (missing.Count > 0)
                {
                    output.WriteLine($"{Path.GetFileName(path)}: {missing.Count} of {expected.Count} missing: {string.Join(' ', missing.Distinct().Take(12))}");
                }
            }
            catch (DocumentUnreadableException refused)
            {
                output.WriteLine($"{Path.GetFileName(path)}: {refused.Said()}");
                Assert.Matches("[가-힣]", refused.Said());
            }
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{folder}: {found:N0} of {words:N0} words, {(double)found / words:P2}"));
        Assert.InRange(words, 1_000, long.MaxValue);
        Assert.True(found >= RecallMin * words, $"{found} of {words} words");
    }

    /// <summary>Every text element of the parts that hold a document's own words, found by a search that ignores their structure.</summary>
    private static string Oracle(byte[] bytes)
    {
        var text = new StringBuilder();
        try
        {
            using var archive = new ZipArchive(new MemoryStream(bytes));
            foreach (var entry in archive.Entries.Where(e => TextParts().IsMatch(e.FullName)))
            {
                using var reader = new StreamReader(entry.Open());
                var xml = Unread().Replace(reader.ReadToEnd(), " ");
                foreach (Match match in TextElements().Matches(ParagraphEnds().Replace(xml, "<t> </t>")))
                {
                    text.Append(System.Net.WebUtility.HtmlDecode(match.Groups[1].Value));
                }
            }
        }
        catch (InvalidDataException)
        {
            text.Clear();
        }

        return text.ToString();
    }

    private static IEnumerable<string> Words(string text) => WordPattern().Matches(text.Normalize(NormalizationForm.FormC)).Select(m => m.Value);

    [GeneratedRegex(@"^(word/(document|footnotes|endnotes|comments)\d*\.xml|ppt/slides/slide\d+\.xml|xl/sharedStrings\.xml)$", RegexOptions.IgnoreCase)]
    private static partial Regex TextParts();

    [GeneratedRegex(@"<(\w+:)?Fallback\b[^>]*>.*?</(\w+:)?Fallback>|<w:(del|moveFrom|rt)\b[^>]*[^/]>.*?</w:\3>|<(\w+:)?rPh\b[^>]*>.*?</(\w+:)?rPh>|<a:fld\b[^>]*slidenum[^>]*>.*?</a:fld>", RegexOptions.Singleline)]
    private static partial Regex Unread();

    [GeneratedRegex(@"<(\w+:)?(br|tab|cr|lastRenderedPageBreak|footnoteReference|sym)\b[^>]*>|</(\w+:)?(p|si|tc)>")]
    private static partial Regex ParagraphEnds();

    [GeneratedRegex(@"<(?:\w+:)?t(?: [^>]*)?(?<!/)>([^<]*)</")]
    private static partial Regex TextElements();

    [GeneratedRegex(@"\w+")]
    private static partial Regex WordPattern();
}
