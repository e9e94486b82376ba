namespace Pybo.Pages.Account;

/// <summary>Keys that the hand finds by itself: neighbours, one after the other (<c>1qaz2wsx</c>, <c>qweasdzxc</c>, <c>1q2w3e4r</c>), and characters in order (<c>abcd1234</c>).</summary>
internal static class KeyboardWalks
{
    /// <summary>Shorter ones are in every second word.</summary>
    private const int RunMin = 3;

    /// <summary>Random characters hardly ever fall into runs of this mean length.</summary>
    private const int RunMean = 4;

    private const string Shifted = "~!@#$%^&*()_+{}|:\"<>?";
    private const string Unshifted = "`1234567890-=[]\\;',./";

    /// <summary>The rows as they lie: each key a half or a quarter to the right of the one above it. In quarters of a key.</summary>
    private static readonly (string Keys, int Start)[] Rows = [("`1234567890-=", -4), ("qwertyuiop[]\\", 2), ("asdfghjkl;'", 3), ("zxcvbnm,./", 5)];

    private static readonly Dictionary<char, (int Row, int Quarter)> Places = Rows
        .SelectMany((row, number) => row.Keys.Select((key, place) => (key, (number, row.Start + (4 * place)))))
        .ToDictionary(key => key.key, key => key.Item2);

    /// <param name="keys">Small letters, as <see cref="KoreanKeys"/> gives them.</param>
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

    /// <summary>a1s2d3f4: two walks in turn.</summary>
    private static IEnumerable<string> Halves(string plain) => [string.Concat(plain.Where((_, i) => i % 2 == 0)), string.Concat(plain.Where((_, i) => i % 2 == 1))];

    /// <summary>How many characters from there on are neighbours, or follow each other.</summary>
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
