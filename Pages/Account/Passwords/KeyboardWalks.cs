using Pybo.Data;

namespace Pybo.Pages.Account;

/// <summary>Sequences that are easy to type: neighbouring keys (<c>1qaz2wsx</c>, <c>qweasdzxc</c>, <c>1q2w3e4r</c>), and characters in order
/// (<c>abcd1234</c>).</summary>
internal static class KeyboardWalks
{
    /// <summary>Shorter runs occur in every second word.</summary>
    private const int RunMin = 3;

    /// <summary>Random characters rarely form runs of this mean length.</summary>
    private const int RunMean = 4;

    private const string Shifted = "~!@#$%^&*()_+{}|:\"<>?";
    private const string Unshifted = "`1234567890-=[]\\;',./";

    /// <summary>The keyboard's rows, in quarters of a key: each key is a half or a quarter to the right of the one above it.</summary>
    private static readonly (string Keys, int Start)[] Rows = [("`1234567890-=", -4), ("qwertyuiop[]\\", 2), ("asdfghjkl;'", 3), ("zxcvbnm,./", 5)];

    private static readonly Dictionary<char, (int Row, int Quarter)> Places = Rows
        .SelectMany((row, number) => row.Keys.Select((key, place) => (key, (number, row.Start + (4 * place)))))
        .ToDictionary(key => key.key, key => key.Item2);

    /// <param name="keys">Lower-case letters, from <see cref="KoreanKeys"/>.</param>
    public static bool IsWalk(string keys)
    {
        var plain = string.Concat(keys.Select(key => Shifted.IndexOf(key) is >= 0 and var place ? Unshifted[place] : key));
        return plain.Length >= 2 * RunMin && (IsRuns(plain) || (plain.Length >= 2 * RunMean && Halves(plain).All(half => RunAt(half, 0) == half.Length)));
    }

    private static bool IsRuns(string plain)
    {
        var runs = 0;
        for (var at = 0; at < plain.Length; runs++)
        {
            var length = RunAt(plain, at);
            if (length < RunMin)
            {
                return false;
            }

            at += length;
        }

        return runs * RunMean <= plain.Length + 1 || runs * RunMin == plain.Length;
    }

    /// <summary>Splits a1s2d3f4 into two alternating walks.</summary>
    private static IEnumerable<string> Halves(string plain) => [string.Concat(plain.Where((_, i) => i % 2 == 0)), string.Concat(plain.Where((_, i) => i % 2 == 1))];

    /// <summary>Counts the characters from an index on that are neighbours or consecutive.</summary>
    private static int RunAt(string plain, int from)
    {
        var (neighbours, steps) = (1, 1);
        while (from + neighbours < plain.Length && AreNeighbours(plain[from + neighbours - 1], plain[from + neighbours]))
        {
            neighbours++;
        }

        while (from + steps < plain.Length && Math.Abs(plain[from + steps] - plain[from + steps - 1]) <= 1 && plain[from + steps] - plain[from + steps - 1] == plain[from + 1] - plain[from])
        {
            steps++;
        }

        return Math.Max(neighbours, steps);
    }

    private static bool AreNeighbours(char one, char other) => one == other
        || (Places.TryGetValue(one, out var a) && Places.TryGetValue(other, out var b) && Math.Abs(a.Row - b.Row) <= 1 && Math.Abs(a.Quarter - b.Quarter) <= 4);
}
