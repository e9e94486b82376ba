using Pybo.Rag.Documents;
using Pybo.Rag.Documents.Pdf;
using Pybo.Rag.Documents.Pdf.Source;

namespace Pybo.Tests.Rag.Documents.Pdf.Source;

/// <summary>Damaged files: their tables are repaired, and the text that PdfPig then finds is read.</summary>
public sealed class PdfRepairTests
{
    private const int Files = 300;
    private const int FileBytesMax = 400_000;
    private const int DamagesMax = 12;

    /// <summary>Half of them. Of 300 such files of every size, the reader before PdfPig read text from 235, and this one from 229.</summary>
    private const int ReadMin = Files / 2;

    [Fact]
    public void Badly_damaged_files_still_give_text()
    {
        var originals = Directory.EnumerateFiles(Repository.Shared("corpus/pdf"), "*.pdf").Concat(Directory.EnumerateFiles(Repository.Shared("corpus/pdf-ko"), "*.pdf"))
            .Where(file => new FileInfo(file).Length <= FileBytesMax).Order(StringComparer.Ordinal).Select(File.ReadAllBytes).Where(HasText).ToList();
        Assert.True(originals.Count > Files / 2, $"{originals.Count} files have text");
        var read = Enumerable.Range(0, Files).Count(seed => HasText(Damaged(originals[seed % originals.Count], new(seed))));
        TestContext.Current.TestOutputHelper?.WriteLine($"{read} of {Files} damaged files give text");
        Assert.InRange(read, ReadMin, Files);
    }

    [Fact]
    public void A_file_without_a_table_a_trailer_and_a_catalog_is_read_by_its_pages() =>
        Assert.Equal(["kept"], PdfFileWriter.Texts(new PdfFileWriter().Object(3, PdfFileWriter.Page).Stream(4, PdfFileWriter.Shows("kept")).ToArray()));

    [Fact]
    public void A_trailer_without_a_size_is_repaired()
    {
        var writer = new PdfFileWriter().OnePage("sized");
        writer.Table();
        var text = System.Text.Encoding.Latin1.GetString(writer.ToArray()).Replace("/Size 100", "", StringComparison.Ordinal);
        Assert.Equal(["sized"], PdfFileWriter.Texts(PdfFileWriter.Latin1(text)));
    }

    [Fact]
    public void An_object_missing_from_its_stream_affects_no_other()
    {
        var writer = new PdfFileWriter().Stream(4, PdfFileWriter.Shows("packed"));
        var objects = $"1 0 2 {PdfFileWriter.Catalog.Length + 1} 3 {PdfFileWriter.Catalog.Length + PdfFileWriter.Branch.Length + 2} 8 99999 ";
        var data = PdfFileWriter.Latin1($"{objects}{PdfFileWriter.Catalog}\n{PdfFileWriter.Branch}\n{PdfFileWriter.Page}\n");
        Assert.Equal(["packed"], PdfFileWriter.Texts(writer.Stream(5, data, $"/Type/ObjStm/N 4/First {objects.Length}").ToArray()));
    }

    private static bool HasText(byte[] bytes)
    {
        try
        {
            return DocumentReader.ReadFile(bytes, "a.pdf").Text.Length > 0;
        }
        catch (DocumentUnreadableException)
        {
            return false;
        }
    }

    /// <summary>Up to a dozen ranges, each up to an eighth of the file, cut out, doubled, overwritten or zeroed; or the end torn off.</summary>
    private static byte[] Damaged(byte[] bytes, Random random)
    {
        const int atLeast = 64;
        var damaged = bytes;
        for (var damages = 1 + random.Next(DamagesMax); damages > 0 && damaged.Length >= atLeast; damages--)
        {
            var at = random.Next(damaged.Length - 1);
            var length = 1 + random.Next(Math.Min(damaged.Length - at, Math.Max(atLeast, damaged.Length / 8)));
            damaged = random.Next(5) switch
            {
                0 => [.. damaged[..at], .. damaged[(at + length)..]],
                1 => [.. damaged[..(at + length)], .. damaged[at..]],
                2 => With(damaged, at, length, _ => (byte)random.Next(256)),
                3 => With(damaged, at, length, _ => 0),
                _ when random.Next(3) == 0 => damaged[..(damaged.Length - (length / 2))],
                _ => With(damaged, at, Math.Min(length, 16), _ => (byte)random.Next(256)),
            };
        }

        return damaged;
    }

    private static byte[] With(byte[] bytes, int at, int length, Func<byte, byte> change)
    {
        var changed = (byte[])bytes.Clone();
        foreach (ref var value in changed.AsSpan(at, Math.Min(length, changed.Length - at)))
        {
            value = change(value);
        }

        return changed;
    }
}
