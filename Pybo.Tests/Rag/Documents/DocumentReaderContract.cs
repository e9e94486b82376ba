using System.Text;
using Pybo.Rag.Documents;

namespace Pybo.Tests.Rag.Documents;

/// <summary>The guarantees of every reader for any bytes. A format joins with a class that names its reader and its samples.</summary>
/// <example><code>
/// public sealed class HwpContractTests() : DocumentReaderContract(new HwpReader())
/// {
///     protected override IEnumerable&lt;Sample&gt; Samples => Corpus("hwp");
/// }
/// </code></example>
public abstract class DocumentReaderContract(DocumentReader reader)
{
    private const int Cuts = 40;
    private const int Mutants = 1_000;

    /// <summary>Valid files of the format, small enough to be read a hundred times each.</summary>
    protected abstract IEnumerable<Sample> Samples { get; }

    /// <summary>The files that get damaged; a format may have more of these than samples.</summary>
    protected virtual IEnumerable<Sample> Originals => Samples;

    /// <summary>A file and its name.</summary>
    protected sealed record Sample(string FileName, byte[] Bytes);

    [Fact]
    public void The_reader_recognises_its_samples()
    {
        Assert.NotEmpty(Samples);
        Assert.All(Samples, sample => Assert.IsType(reader.GetType(), DocumentReader.For(sample.Bytes, sample.FileName)));
    }

    [Fact]
    public void Every_sample_yields_a_well_formed_document()
    {
        Assert.All(Samples, sample => AssertShape(Read(sample.Bytes, sample.FileName)));
        Assert.Contains(Samples, sample => Read(sample.Bytes, sample.FileName).Text.Length > 0);
    }

    [Fact]
    public void Repeated_and_concurrent_reads_give_the_same_result()
    {
        var samples = Samples.ToList();
        var first = samples.ConvertAll(sample => Read(sample.Bytes, sample.FileName));
        var again = samples.AsEnumerable().Reverse().AsParallel().AsOrdered().Select(sample => Read(sample.Bytes, sample.FileName)).Reverse().ToList();
        Assert.Equivalent(first, again, strict: true);
    }

    [Fact]
    public void A_file_truncated_anywhere_is_read_partly_or_refused_with_a_message() =>
        Assert.All(Samples, sample => Assert.All(Enumerable.Range(0, Cuts), cut => ReadsOrRefuses(sample.Bytes[..(int)((long)sample.Bytes.Length * cut / Cuts)], sample.FileName)));

    [Fact]
    public void A_thousand_damaged_files_are_read_partly_or_refused_with_a_message()
    {
        var originals = Originals.ToList();
        var read = 0;
        for (var seed = 0; seed < Mutants; seed++)
        {
            var (fileName, bytes) = originals[seed % originals.Count];
            var isUnpacked = seed / originals.Count % 2 == 1;
            read += ReadsOrRefuses(Mutant.Of(isUnpacked ? Mutant.Unpacked(bytes) : bytes, seed), fileName) ? 1 : 0;
        }

        // Much damage leaves readable text: a reader that gave up at once would prove nothing.
        Assert.True(read > Mutants / 4, $"{read} of {Mutants} were read");
    }

    [Fact]
    public void A_file_with_only_its_signature_is_read_or_refused_with_a_message()
    {
        const int signatureBytesMax = 64;
        const int noiseBytes = 20_000;
        foreach (var sample in Samples)
        {
            var noise = new byte[noiseBytes];
            new Random(1).NextBytes(noise);
            sample.Bytes.AsSpan(0, Math.Min(sample.Bytes.Length, signatureBytesMax)).CopyTo(noise);
            ReadsOrRefuses(noise, sample.FileName);
            ReadsOrRefuses([.. sample.Bytes, .. noise], sample.FileName);
        }

        ReadsOrRefuses([], "빈 파일" + reader.Format.Extensions[0]);
    }

    [Fact]
    public void A_file_without_a_meaningful_name_has_a_title()
    {
        foreach (var fileName in (string[])["", ".", "/", "...", "\u0001", new string('가', 5_000)])
        {
            Assert.All(Samples, sample => AssertShape(Read(sample.Bytes, fileName)));
        }
    }

    [Fact]
    public void The_format_names_itself()
    {
        Assert.Contains(reader.Format, DocumentReader.AllFormats, new SameFormat());
        Assert.All(reader.Format.Extensions, extension => Assert.Matches(@"^\.[a-z0-9]+$", extension));
        Assert.Matches("^[a-z]+/[a-z0-9.+-]+$", reader.Format.ContentType);
    }

    /// <summary>The files of a corpus folder up to a size limit.</summary>
    protected static IEnumerable<Sample> Corpus(string folder, int bytesMax = 200_000, int filesMax = 10) =>
        [.. new DirectoryInfo(Repository.Shared("corpus/" + folder)).EnumerateFiles().Where(f => f.Length <= bytesMax).OrderBy(f => f.Name, StringComparer.Ordinal).Take(filesMax)
            .Select(f => new Sample(f.Name, File.ReadAllBytes(f.FullName)))];

    protected static Sample Text(string fileName, string text, Encoding? encoding = null) => new(fileName, (encoding ?? Encoding.UTF8).GetBytes(text));

    private DocumentText Read(byte[] bytes, string fileName) => DocumentBuilder.Collect(reader.Read(bytes, fileName), fileName);

    private bool ReadsOrRefuses(byte[] bytes, string fileName)
    {
        try
        {
            reader.Recognises(bytes, fileName);
            AssertShape(Read(bytes, fileName));
            return true;
        }
        catch (DocumentUnreadableException refused)
        {
            // The reason is for the uploader.
            Assert.Matches(@"[가-힣].*[.다요]$", refused.Said());
            return false;
        }
    }

    /// <summary>Checks what <see cref="DocumentText"/> promises.</summary>
    internal static void AssertShape(DocumentText document)
    {
        Assert.InRange(document.Title.Length, 1, DocumentReader.TitleCharactersMax);
        Assert.Equal(document.Title, TextNormalizer.OneLine(document.Title, DocumentReader.TitleCharactersMax));
        Assert.InRange(document.Text.Length, 0, DocumentReader.CharactersMax);
        Assert.True(document.Text.IsNormalized(NormalizationForm.FormC));
        Assert.DoesNotContain(document.Text, c => char.IsControl(c) && c is not ('\n' or '\t'));
        Assert.DoesNotContain("\n\n\n", document.Text, StringComparison.Ordinal);
        Assert.Equal(document.Text.Trim('\n'), document.Text);
        AssertSections(document);
        AssertPages(document);
        Assert.All(document.Warnings.Said(), warning => Assert.Matches("[가-힣]", warning));
        Assert.True(!document.Truncated || document.Warnings.Count > 0, "It does not say why it was cut.");
    }

    private static void AssertSections(DocumentText document)
    {
        var at = 0;
        foreach (var section in document.Sections)
        {
            Assert.Equal(at, section.Start);
            Assert.True(section.Length > 0);
            Assert.Equal(section.Heading is null, section.Level == 0);
            Assert.True(section.Heading is null || document.Text.AsSpan(at).StartsWith(section.Heading.AsSpan().TrimEnd('…')));
            at += section.Length;
        }

        Assert.Equal(document.Text.Length, at);
    }

    private static void AssertPages(DocumentText document)
    {
        var at = 0;
        foreach (var page in document.Pages)
        {
            Assert.Equal(at, page.Start);
            Assert.True(page.Length >= 0 && page.Width >= 0 && page.Height >= 0 && float.IsFinite(page.Width + page.Height));
            Assert.All(page.Lines, line => Assert.True(line.Start >= page.Start && line.Length > 0 && line.Start + line.Length <= page.Start + page.Length));
            Assert.All(page.Lines, line => Assert.True(float.IsFinite(line.Box.X + line.Box.Y + line.Box.Width + line.Box.Height)));
            at += page.Length;
        }

        Assert.True(document.Pages.Count == 0 || at == document.Text.Length);
    }

    private sealed class SameFormat : IEqualityComparer<DocumentFormat>
    {
        public bool Equals(DocumentFormat? x, DocumentFormat? y) => x?.Name == y?.Name;

        public int GetHashCode(DocumentFormat obj) => obj.Name.GetHashCode(StringComparison.Ordinal);
    }
}
