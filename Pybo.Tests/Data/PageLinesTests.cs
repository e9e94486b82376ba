using Pybo.Data;

namespace Pybo.Tests.Data;

public sealed class PageLinesTests
{
    [Fact]
    public void Lines_survive_a_round_trip_to_a_tenth_of_a_point()
    {
        var random = new Random(7);
        for (var page = 0; page < 200; page++)
        {
            var start = random.Next(0, 20_000_000);
            var lines = new List<PlacedLine>();
            for (var (at, count) = (start, random.Next(0, 80)); lines.Count < count;)
            {
                at += random.Next(0, 5);
                var length = random.Next(0, 200);
                lines.Add(new(at, length, new(Tenths(random, 900), Tenths(random, 900), Tenths(random, 600), Tenths(random, 40))));
                at += length;
            }

            var decoded = PageLines.Decode(start, PageLines.Encode(start, lines));
            Assert.Equal(lines.Select(l => (l.Start, l.Length)), decoded.Select(l => (l.Start, l.Length)));
            Assert.All(lines.Zip(decoded), pair =>
            {
                Assert.Equal(pair.First.Box.X, pair.Second.Box.X, 0.051);
                Assert.Equal(pair.First.Box.Y, pair.Second.Box.Y, 0.051);
                Assert.Equal(pair.First.Box.Width, pair.Second.Box.Width, 0.051);
                Assert.Equal(pair.First.Box.Height, pair.Second.Box.Height, 0.051);
            });
        }

        static float Tenths(Random random, int max) => (float)(random.NextDouble() * max);
    }

    [Fact]
    public void A_printed_page_takes_a_few_bytes_per_line()
    {
        var lines = Enumerable.Range(0, 40).Select(n => new PlacedLine(n * 42, 41, new(70.8f, 72 + (n * 17.3f), 453.6f, 10.5f)));
        Assert.InRange(PageLines.Encode(0, lines).Length, 1, 40 * 10);
    }

    [Fact]
    public void Damaged_bytes_yield_the_lines_before_the_damage_and_never_an_error()
    {
        var random = new Random(11);
        var whole = PageLines.Encode(10, Enumerable.Range(0, 30).Select(n => new PlacedLine(10 + (n * 20), 18, new(50, n * 20, 400, 12))));
        var lines = PageLines.Decode(10, whole);
        for (var cut = 0; cut < whole.Length; cut++)
        {
            var before = PageLines.Decode(10, whole.AsSpan(0, cut));
            Assert.Equal(lines.Take(before.Count), before);
        }

        for (var n = 0; n < 5_000; n++)
        {
            var bytes = new byte[random.Next(0, 64)];
            random.NextBytes(bytes);
            Assert.All(PageLines.Decode(random.Next(), bytes), line => Assert.True(line.Start >= 0 && line.Length >= 0 && line.Start + (long)line.Length <= int.MaxValue));
        }
    }

    [Fact]
    public void Boxes_that_are_not_numbers_and_pages_with_too_many_lines_do_no_harm()
    {
        PlacedLine[] odd = [new(0, 1, new(float.NaN, float.PositiveInfinity, float.MaxValue, -5)), new(1, 1, new(1, 2, 3, 4))];
        var decoded = PageLines.Decode(0, PageLines.Encode(0, odd));
        Assert.Equal(new PageBox(0, 0, 100_000, -5), decoded[0].Box);
        Assert.Equal(new PageBox(1, 2, 3, 4), decoded[1].Box);
        Assert.Equal(PageLines.LinesMax, PageLines.Decode(0, PageLines.Encode(0, Enumerable.Repeat(odd[1], PageLines.LinesMax + 5))).Count);
    }
}
