using System.IO.Compression;
using System.Text;
using Pybo.Data;
using Pybo.Rag.Documents;
using Pybo.Rag.Documents.Hwp;

namespace Pybo.Tests.Rag.Documents.Hwp;

/// <summary>Real documents, compared with the preview text that 한글 stored in them.</summary>
public sealed class HwpCorpusTests
{
    /// <summary>The authors of both files named them so.</summary>
    private static readonly string[] Encrypted = ["hwpjs__password-12345.hwpx", "kordoc__HWP5-password-123456.hwpx"];

    /// <summary>Fields to fill in: their previews show the prompts, which are no text.</summary>
    private static readonly string[] Prompts = ["hwpxlib__TestFinder.hwpx", "hwpxlib__프로젝트_계획서.hwpx", "python-hwpx__clickhere_gold_empty.hwpx"];

    [Theory]
    [InlineData("hwp")]
    [InlineData("hwpx")]
    public void Every_document_contains_the_words_of_its_preview(string kind)
    {
        var (found, all, misses) = (0, 0, new List<string>());
        foreach (var path in Files(kind).Where(path => !Encrypted.Contains(Path.GetFileName(path)) && !Prompts.Contains(Path.GetFileName(path))))
        {
            var bytes = File.ReadAllBytes(path);
            var document = DocumentReader.ReadFile(bytes, path);
            Assert.False(document.Truncated, $"{path}: {string.Join(' ', document.Warnings.Said())}");
            Assert.DoesNotContain(document.Warnings, warning => warning.ToString() != Notice.Of(ReadingProblem.NoText).ToString());
            Assert.Equal(document.Text.Length, document.Sections.Sum(section => section.Length));
            var text = string.Concat(document.Text.Where(c => !char.IsWhiteSpace(c)));
            // The text has standard characters where the preview has private ones.
            var tokens = Tokens(Preview(bytes)).Where(token => !token.Any(c => c is >= '\uE000' and <= '\uF8FF')).ToList();
            var missing = tokens.Where(token => !text.Contains(token, StringComparison.Ordinal)).ToList();
            (found, all) = (found + tokens.Count - missing.Count, all + tokens.Count);
            misses.AddRange(missing.Select(token => $"{Path.GetFileName(path)}: {token}"));
        }

        Assert.True(found >= .999 * all, $"{found} of {all}; {string.Join(", ", misses)}");
        Assert.InRange(all, 1_000, int.MaxValue);
    }

    [Fact]
    public void An_encrypted_document_is_refused()
    {
        var encrypted = Files("hwpx").Where(path => Encrypted.Contains(Path.GetFileName(path))).ToList();
        Assert.Equal(Encrypted.Length, encrypted.Count);
        foreach (var path in encrypted)
        {
            var refused = Assert.Throws<DocumentUnreadableException>(() => DocumentReader.ReadFile(File.ReadAllBytes(path), path));
            Assert.Contains("암호", refused.Said(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("hwpjs__noori.hwp", "hwpjs__noori.hwpx")]
    [InlineData("HwpForge__sample-numbered-list.hwp", "HwpForge__sample-numbered-list.hwpx")]
    [InlineData("HwpForge__table_02_merge_col_row.hwp", "HwpForge__table_02_merge_col_row.hwpx")]
    [InlineData("HwpForge__table_14_wrapped_text_height_growth.hwp", "HwpForge__table_14_wrapped_text_height_growth.hwpx")]
    [InlineData("HwpForge__table_20_real_world_ministry_style.hwp", "HwpForge__table_20_real_world_ministry_style.hwpx")]
    public void A_document_reads_the_same_in_both_formats(string hwp, string hwpx)
    {
        var first = DocumentReader.ReadFile(File.ReadAllBytes(Repository.Shared($"corpus/hwp/{hwp}")), hwp);
        var second = DocumentReader.ReadFile(File.ReadAllBytes(Repository.Shared($"corpus/hwpx/{hwpx}")), hwpx);
        var (left, right) = (Lines(first), Lines(second));
        Assert.InRange(left.Intersect(right).Count(), .95 * Math.Max(left.Count, right.Count), double.MaxValue);
        Assert.Equal(first.Pages.Count, second.Pages.Count);
    }

    private static string[] Files(string kind)
    {
        var files = Directory.GetFiles(Repository.Shared($"corpus/{kind}"), $"*.{kind}");
        Array.Sort(files, StringComparer.Ordinal);
        Assert.NotEmpty(files);
        return files;
    }

    private static string Preview(byte[] bytes)
    {
        if (CompoundFile.IsOne(bytes))
        {
            return Encoding.Unicode.GetString(CompoundFile.Open(bytes).Read("PrvText"));
        }

        using var archive = new ZipArchive(new MemoryStream(bytes));
        if (archive.GetEntry("Preview/PrvText.txt") is not { } entry)
        {
            return "";
        }

        using var reader = new StreamReader(entry.Open(), Encoding.UTF8);
        return reader.ReadToEnd();
    }

    /// <summary>Words between white space and the brackets around cells. A long preview is cut within its last word.</summary>
    private static List<string> Tokens(string preview)
    {
        const int previewCharactersMin = 1_000;
        var tokens = TextNormalizer.Normalize(preview).Split([' ', '\u3000', '\u00A0', '\t', '\n', '<', '>'], StringSplitOptions.RemoveEmptyEntries).ToList();
        if (tokens.Count > 0 && preview.Length >= previewCharactersMin)
        {
            tokens.RemoveAt(tokens.Count - 1);
        }

        return tokens;
    }

    private static List<string> Lines(DocumentText document) =>
        [.. document.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Distinct()];
}
