namespace Pybo.Rag.Inference;

/// <summary>Random numbers that are the same on every platform and in every version of .NET, which seeded <see cref="Random"/> does not promise.</summary>
/// <remarks>
/// SplitMix64: a counter in steps of 2⁶⁴ divided by the golden ratio, its value mixed by two multiplications with shifts between them (Steele, Lea,
/// Flood: Fast Splittable Pseudorandom Number Generators, OOPSLA 2014; the mixer's constants are Stafford's variant 13). Every seed is a good one,
/// the period is 2⁶⁴. Not for secrets.
/// </remarks>
internal struct SplitMix64(long seed)
{
    private ulong state = unchecked((ulong)seed);

    public ulong Next()
    {
        unchecked
        {
            state += 0x9E3779B97F4A7C15;
            var mixed = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9;
            mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
            return mixed ^ (mixed >> 31);
        }
    }

    /// <summary>Returns a number of at least 0 and below 1, in steps of 2⁻⁵³.</summary>
    public double NextDouble() => (Next() >> 11) * (1.0 / (1L << 53));
}
