namespace Pybo.Rag.Ingestion;

/// <summary>A file's own path, with every link on the way resolved: one file has one, whatever name it was reached by.</summary>
internal static class RealPath
{
    /// <summary>More links than this lead in a circle; Linux gives up at the same number.</summary>
    private const int LinksMax = 40;

    /// <exception cref="IOException">The links lead in a circle, or a folder on the way cannot be read.</exception>
    public static string Of(string path)
    {
        var links = 0;
        var full = Path.GetFullPath(path);
        var waiting = new Stack<string>(Parts(full));
        var real = Path.GetPathRoot(full)!;
        while (waiting.TryPop(out var name))
        {
            var next = Path.Combine(real, name);
            if (new FileInfo(next).LinkTarget is not { } target)
            {
                real = next;
                continue;
            }

            if (++links > LinksMax)
            {
                throw new IOException($"Too many links: {path}");
            }

            var to = Path.GetFullPath(target, real);
            foreach (var part in Parts(to))
            {
                waiting.Push(part);
            }

            real = Path.GetPathRoot(to)!;
        }

        return real;
    }

    /// <summary>Returns whether a real path is below a real folder.</summary>
    public static bool IsBelow(string path, string folder) => path.StartsWith(Inside(folder), StringComparison.Ordinal);

    /// <summary>Returns a folder with the separator that its files' paths continue after.</summary>
    public static string Inside(string folder) => Path.EndsInDirectorySeparator(folder) ? folder : folder + Path.DirectorySeparatorChar;

    /// <summary>Returns the names on the way, the last one first.</summary>
    private static IEnumerable<string> Parts(string full) =>
        full[Path.GetPathRoot(full)!.Length..].Split([Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar], StringSplitOptions.RemoveEmptyEntries).Reverse();
}
