using System.Buffers.Binary;
using Pybo.Rag.Documents;
using Pybo.Rag.Documents.Hwp;

namespace Pybo.Tests.Rag.Documents.Hwp;

public sealed class CompoundFileTests
{
    private static readonly byte[] Small = [.. Enumerable.Range(0, 100).Select(at => (byte)at)];
    private static readonly byte[] Large = [.. Enumerable.Range(0, 20_000).Select(at => (byte)(at / 7))];

    [Theory]
    [InlineData(512)]
    [InlineData(4_096)]
    public void Streams_are_found_by_path_and_read_whole(int sectorBytes)
    {
        var file = CompoundFile.Open(new CompoundFileBuilder(sectorBytes).Add("가/작은 것", Small).Add("가/큰 것", Large).Add("밖", Small).Add("빈 것", []).Build());
        Assert.Equal(["가/작은 것", "가/큰 것", "밖", "빈 것"], file.Paths.Order(StringComparer.Ordinal));
        Assert.Equal(Small, file.Read("가/작은 것"));
        Assert.Equal(Large, file.Read("가/큰 것"));
        Assert.Empty(file.Read("빈 것"));
        Assert.Empty(file.Read("없는 것"));
        Assert.False(file.Contains("없는 것"));
    }

    [Fact]
    public void A_chain_that_loops_ends_with_the_length_of_the_stream()
    {
        var builder = new CompoundFileBuilder().Add("큰 것", Large);
        var bytes = builder.Build();
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(builder.TableStart), 0);
        Assert.Equal(Large.Length, CompoundFile.Open(bytes).Read("큰 것").Length);

        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(builder.DirectoryStart + 128 + 120), uint.MaxValue);
        Assert.InRange(CompoundFile.Open(bytes).Read("큰 것").Length, 1, bytes.Length);
    }

    [Fact]
    public void A_looping_table_of_tables_ends()
    {
        var builder = new CompoundFileBuilder().Add("큰 것", Large);
        byte[] bytes = [.. builder.Build(), .. Enumerable.Repeat((byte)0xFF, 512)];
        var last = (uint)(bytes.Length / 512) - 2;
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(68), last);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(bytes.Length - sizeof(uint)), last);
        Assert.Equal(Large, CompoundFile.Open(bytes).Read("큰 것"));
    }

    [Theory]
    [InlineData(68)]
    [InlineData(72)]
    [InlineData(76)]
    public void A_directory_that_loops_is_walked_once(int link)
    {
        var builder = new CompoundFileBuilder().Add("가/나", Small).Add("가/다", Small);
        var bytes = builder.Build();
        for (var entry = 0u; entry < 4; entry++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(builder.DirectoryStart + ((int)entry * 128) + link), entry == 0 && link == 76 ? 3 : entry);
        }

        Assert.InRange(CompoundFile.Open(bytes).Paths.Count, 0, 2);
    }

    [Fact]
    public void A_truncated_file_yields_its_remaining_data()
    {
        var bytes = new CompoundFileBuilder().Add("큰 것", Large).Build();
        Assert.Throws<DocumentUnreadableException>(() => CompoundFile.Open(bytes.AsMemory(0, 511)));
        for (var length = 512; length < bytes.Length; length += 97)
        {
            Assert.InRange(CompoundFile.Open(bytes.AsMemory(0, length)).Read("큰 것").Length, 0, Large.Length);
        }
    }
}
