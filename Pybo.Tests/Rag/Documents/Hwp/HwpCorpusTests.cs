using System.IO.Compression;
using System.Text;
using Pybo.Rag.Documents;
using Pybo.Rag.Documents.Hwp;

namespace Pybo.Tests.Rag.Documents.Hwp;

/// <summary>Real documents, held against the preview text that 한글 stored in them, and the same broken in many ways.</summary>
public sealed class HwpCorpusTests
{
    private const int MutationsPerFile = 8;

    /// <summary>Both are called so by those who made them.</summary>
    private static readonly string[] Encrypted = ["hwpjs__password-12345.hwpx", "kordoc__HWP5-password-123456.hwpx"];

    [Theory]
    [InlineData("hwp")]
    [InlineData("hwpx")]
    public void Every_document_gives_the_words_of_its_preview(string kind)
    {
        var (found, all, misses) = (0, 0, new List<string>());
        foreach (var path in Files(kind).Where(path => !Encrypted.Contains(Path.GetFileName(path))))
        {
            var bytes = File.ReadAllBytes(path);
            var document = DocumentReader.ReadFile(bytes, path);
            Assert.False(document.Truncated, $"{path}: {string.Join(' ', document.Warnings)}");
            Assert.Empty(document.Warnings);
            Assert.Equal(document.Text.Length, document.Sections.Sum(section => section.Length));
            var text = string.Concat(document.Text.Where(c => !char.IsWhiteSpace(c)));
            var tokens = Tokens(Preview(bytes));
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
        foreach (var path in Files("hwpx").Where(path => Encrypted.Contains(Path.GetFileName(path))))
        {
            var refused = Assert.Throws<DocumentUnreadableException>(() => DocumentReader.ReadFile(File.ReadAllBytes(path), path));
            Assert.Contains("암호", refused.Message, StringComparison.Ordinal);
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

    [Theory]
    [InlineData("hwp")]
    [InlineData("hwpx")]
    public void A_broken_file_is_read_or_refused_in_words(string kind)
    {
        DocumentReader reader = kind == "hwp" ? new HwpReader() : new HwpxReader();
        Mutate(Files(kind), File.ReadAllBytes, reader);
    }

    [Fact]
    public void Broken_records_are_read_or_refused_in_words() => Mutate(Files("hwp"), Inflated, new HwpReader());

    [Fact]
    public void Broken_XML_is_read_or_refused_in_words() => Mutate(Files("hwpx"), Stored, new HwpxReader());

    /// <summary>The same document with its streams of records as they are, so that what is broken is a record and not deflate.</summary>
    private static byte[] Inflated(string path)
    {
        var file = CompoundFile.Open(File.ReadAllBytes(path));
        var isCompressed = (file.Read("FileHeader")[36] & 1) != 0;
        var copy = new CompoundFileBuilder().Add("FileHeader", HwpBuilder.FileHeader(0)).Add("PrvText", file.Read("PrvText")).Add(HwpSummary.Path, file.Read(HwpSummary.Path));
        foreach (var stream in file.Paths.Where(path => path == "DocInfo" || path.StartsWith("BodyText/", StringComparison.Ordinal)))
        {
            using var inflated = new MemoryStream();
            using (Stream bytes = isCompressed ? new DeflateStream(new MemoryStream(file.Read(stream)), CompressionMode.Decompress) : new MemoryStream(file.Read(stream)))
            {
                bytes.CopyTo(inflated);
            }

            copy.Add(stream, inflated.ToArray());
        }

        return copy.Build();
    }

    /// <summary>The same package without compression, so that what is broken is XML.</summary>
    private static byte[] Stored(string path)
    {
        using var archive = ZipFile.OpenRead(path);
        using var bytes = new MemoryStream();
        using (var copy = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var entry in archive.Entries.Where(entry => !entry.FullName.StartsWith("BinData", StringComparison.Ordinal) && !entry.FullName.EndsWith("png", StringComparison.Ordinal)))
            {
                using var from = entry.Open();
                using var to = copy.CreateEntry(entry.FullName, CompressionLevel.NoCompression).Open();
                from.CopyTo(to);
            }
        }

        return bytes.ToArray();
    }

    private static void Mutate(string[] paths, Func<string, byte[]> load, DocumentReader reader)
    {
        var (random, read, refused) = (new Random(5), 0, 0);
        foreach (var path in paths)
        {
            var original = load(path);
            for (var mutation = 0; mutation < MutationsPerFile; mutation++)
            {
                try
                {
                    DocumentBuilder.Collect(reader.Read(Mutated(original, random), path), path);
                    read++;
                }
                catch (DocumentUnreadableException exception)
                {
                    Assert.Matches("[가-힣]", exception.Message);
                    refused++;
                }
            }
        }

        Assert.Equal(paths.Length * MutationsPerFile, read + refused);
        Assert.InRange(read, paths.Length, int.MaxValue);
    }

    /// <summary>Single bytes changed, stretches of ones, zeros or of another place, or the end cut off.</summary>
    private static byte[] Mutated(byte[] original, Random random)
    {
        var bytes = original.ToArray();
        for (var change = random.Next(1, 40); change > 0; change--)
        {
            var length = Math.Min(random.Next(1, 9), bytes.Length);
            var stretch = bytes.AsSpan(random.Next(bytes.Length - length + 1), length);
            switch (random.Next(5))
            {
                case 0:
                    stretch.Fill(0xFF);
                    break;
                case 1:
                    stretch.Clear();
                    break;
                case 2:
                    bytes.AsSpan(random.Next(bytes.Length - length + 1), length).CopyTo(stretch);
                    break;
                default:
                    stretch[0] ^= (byte)(1 << random.Next(8));
                    break;
            }
        }

        return random.Next(6) == 0 ? bytes[..random.Next(1, bytes.Length)] : bytes;
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
