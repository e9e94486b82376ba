namespace Pybo.Tests;

/// <summary>The allocations of a piece of work on its thread.</summary>
internal static class Allocations
{
    private const int Rounds = 5;

    /// <summary>The bytes of the cheapest of a few rounds: in the first ones the compiler may still replace the running code.</summary>
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
