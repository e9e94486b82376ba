namespace Pybo.Tests;

/// <summary>What a piece of work allocates on its thread.</summary>
internal static class Allocations
{
    private const int Rounds = 5;

    /// <summary>The bytes of the cheapest of a few rounds: in the first ones the compiler may replace the code that runs.</summary>
    public static long Least(Action work)
    {
        var least = long.MaxValue;
        for (var round = 0; round < Rounds && least != 0; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            work();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
