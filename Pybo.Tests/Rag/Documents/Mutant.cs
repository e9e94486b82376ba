namespace Pybo.Tests.Rag.Documents;

/// <summary>A file with damage that a seed decides: bits turned, stretches cut out, doubled, overwritten, or the end torn off.</summary>
internal static class Mutant
{
    private const int DamagesMax = 6;

    public static byte[] Of(byte[] bytes, int seed)
    {
        var random = new Random(seed);
        var mutant = (byte[])bytes.Clone();
        for (var damages = 1 + random.Next(DamagesMax); damages > 0 && mutant.Length > 2; damages--)
        {
            var at = random.Next(mutant.Length - 1);
            var length = 1 + random.Next(Math.Min(mutant.Length - at, 512));
            mutant = random.Next(6) switch
            {
                0 => [.. mutant[..at], .. mutant[(at + length)..]],
                1 => [.. mutant[..(at + length)], .. mutant[at..]],
                2 => Overwritten(mutant, at, length, _ => (byte)random.Next(256)),
                3 => Overwritten(mutant, at, length, _ => 0),
                4 when random.Next(4) == 0 => mutant[..(mutant.Length - (length * 4 % mutant.Length))],
                _ => Overwritten(mutant, at, 1, value => (byte)(value ^ (1 << random.Next(8)))),
            };
        }

        return mutant;
    }

    private static byte[] Overwritten(byte[] bytes, int at, int length, Func<byte, byte> change)
    {
        for (var place = at; place < at + length; place++)
        {
            bytes[place] = change(bytes[place]);
        }

        return bytes;
    }
}
