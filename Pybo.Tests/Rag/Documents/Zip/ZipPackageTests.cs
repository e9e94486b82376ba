using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Pybo.Rag.Documents;
using Pybo.Rag.Documents.Zip;
using Pybo.Tests.Rag.Documents.Office;

namespace Pybo.Tests.Rag.Documents.Zip;

public sealed class ZipPackageTests
{
    private static readonly byte[] Small = OfficeFile.Package(("a/가.xml", "하나"), ("b.xml", "둘"));

    [Fact]
    public void Entry_names_ignore_case()
    {
        var package = ZipPackage.Open(Small);
        Assert.Equal("하나", Encoding.UTF8.GetString(package.ReadAll("A/가.XML", 100)));
        Assert.False(package.IsDamaged);
        Assert.Throws<DocumentUnreadableException>(() => package.Open("없음"));
        Assert.Throws<DocumentUnreadableException>(() => package.ReadAll("b.xml", 2));
    }

    [Fact]
    public void Names_that_lead_out_of_the_archive_are_ignored()
    {
        var package = ZipPackage.Open(OfficeFile.Package(("../a", "1"), ("/b", "2"), ("c:/d", "3"), ("e\\f", "4"), ("a/../g", "5")));
        Assert.Equal(["e/f"], package.Names);
    }

    [Fact]
    public void An_archive_cut_off_before_its_directory_yields_its_remaining_entries()
    {
        var package = ZipPackage.Open(Small.AsMemory(0, Small.AsSpan().IndexOf("PK\x1\x2"u8)));
        Assert.True(package.IsDamaged);
        Assert.Equal("둘", Encoding.UTF8.GetString(package.ReadAll("b.xml", 100)));
    }

    [Fact]
    public void An_archive_without_a_directory_yields_every_entry_followed_by_its_size()
    {
        string[] names = ["가.xml", "나.xml", "다.xml", "라.xml"];
        using var bytes = new MemoryStream();
        using (var archive = new ZipArchive(new Unseekable(bytes), ZipArchiveMode.Create))
        {
            foreach (var name in names)
            {
                using var writer = new StreamWriter(archive.CreateEntry(name).Open());
                writer.Write("글 " + name);
            }
        }

        var file = bytes.ToArray();
        var package = ZipPackage.Open(file.AsMemory(0, file.AsSpan().IndexOf("PK\x1\x2"u8)));
        Assert.Equal(names, package.Names);
        Assert.All(names, name => Assert.Equal("글 " + name, Encoding.UTF8.GetString(package.ReadAll(name, 100))));
    }

    [Fact]
    public void A_zip_bomb_stops_at_its_limit()
    {
        var package = ZipPackage.Open(OfficeFile.Package(("a", new string('a', 4_000_000))));
        Assert.Throws<DocumentUnreadableException>(() => package.ReadAll("a", int.MaxValue));
    }

    [Fact]
    public void Too_many_entries_are_refused_before_reading_even_if_the_count_is_false()
    {
        var many = OfficeFile.Package([.. Enumerable.Range(0, ZipDirectory.EntriesMax + 1).Select(i => ($"{i}", ""))]);
        Assert.Throws<DocumentUnreadableException>(() => ZipPackage.Open(many));
        BinaryPrimitives.WriteUInt16LittleEndian(many.AsSpan(many.Length - 12), 2);
        Assert.Throws<DocumentUnreadableException>(() => ZipPackage.Open(many));
    }

    [Fact]
    public void Only_one_of_the_entries_that_share_bytes_is_kept()
    {
        var bytes = Small.ToArray();
        var second = bytes.AsSpan().LastIndexOf("PK\x1\x2"u8);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(second + 42), 0);
        Assert.Single(ZipPackage.Open(bytes).Names);
    }

    [Fact]
    public void An_encrypted_entry_is_reported()
    {
        var bytes = Small.ToArray();
        bytes[bytes.AsSpan().IndexOf("PK\x1\x2"u8) + 8] |= 1;
        var package = ZipPackage.Open(bytes);
        Assert.True(package.HasEncryptedEntries);
        Assert.Contains("암호", Assert.Throws<DocumentUnreadableException>(() => package.Open("a/가.xml")).Said(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_endless_text_node_is_cut_and_never_buffered()
    {
        using var xml = new XmlScanner(new EndlessText(1_000_000_000));
        Assert.True(xml.Read());
        var text = xml.TextInside();
        Assert.InRange(text.Length, 1, XmlScanner.TextCharactersMax + 10_000);
        Assert.NotNull(xml.Fault);
        Assert.True(xml.IsCut);
    }

    /// <summary>Makes an archive write the sizes of its entries after them, as it cannot seek back.</summary>
    private sealed class Unseekable(MemoryStream inner) : MemoryStream
    {
        public override bool CanSeek => false;

        public override void Write(byte[] buffer, int offset, int count) => inner.Write(buffer, offset, count);

        public override void Write(ReadOnlySpan<byte> buffer) => inner.Write(buffer);

        public override void WriteByte(byte value) => inner.WriteByte(value);
    }

    /// <summary>An element with this many letters, produced on demand.</summary>
    private sealed class EndlessText(long bytes) : MemoryStream
    {
        private long at;

        public override int Read(Span<byte> buffer)
        {
            var count = (int)Math.Min(buffer.Length, bytes - at);
            buffer[..count].Fill((byte)'a');
            if (at == 0)
            {
                "<a>"u8.CopyTo(buffer);
            }

            at += count;
            return count;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));
    }
}
