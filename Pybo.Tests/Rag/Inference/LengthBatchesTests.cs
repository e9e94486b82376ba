using Pybo.Rag.Inference;

namespace Pybo.Tests.Rag.Inference;

public sealed class LengthBatchesTests
{
    public static TheoryData<string, int[]> Mixtures()
    {
        var random = new Random(42);
        return new()
        {
            { "chunks", [.. Enumerable.Range(0, 256).Select(_ => random.Next(40, 110))] },
            { "anything", [.. Enumerable.Range(0, 256).Select(_ => random.Next(1, 513))] },
            { "short beside long", [.. Enumerable.Range(0, 50).Select(i => i % 2 == 0 ? 3 : 512)] },
            { "one", [7] },
            { "longer than a batch", [LengthBatches.TokensMax * 3, 5] },
            { "none", [] },
        };
    }

    [Theory]
    [MemberData(nameof(Mixtures))]
    public void Less_than_a_tenth_is_padding_and_every_text_is_there_once(string name, int[] lengths)
    {
        var batches = LengthBatches.Plan(lengths);

        Assert.Equal(Enumerable.Range(0, lengths.Length), batches.SelectMany(batch => batch).Order());
        foreach (var batch in batches)
        {
            var padded = batch.Length * batch.Max(i => lengths[i]);
            Assert.True(padded - batch.Sum(i => lengths[i]) < 0.1 * padded, name);
            Assert.True(batch.Length == 1 || padded <= LengthBatches.TokensMax, name);
            Assert.InRange(batch.Length, 1, LengthBatches.RowsMax);
        }
    }

    [Fact]
    public void Texts_of_one_length_fill_their_batches()
    {
        var batches = LengthBatches.Plan([.. Enumerable.Repeat(64, 32)]);

        Assert.All(batches, batch => Assert.Equal(LengthBatches.TokensMax / 64, batch.Length));
    }
}
