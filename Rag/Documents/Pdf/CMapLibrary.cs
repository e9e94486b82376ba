using System.Collections.Concurrent;

namespace Pybo.Rag.Documents.Pdf;

/// <summary>The CMaps that PDF files name without carrying them (ISO 32000-2, 9.7.5.2), read once from the folder <c>cmaps</c> beside the program.</summary>
internal static class CMapLibrary
{
    /// <summary>The longest predefined name has 24 characters.</summary>
    private const int NameLengthMax = 32;

    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "cmaps");

    private static readonly ConcurrentDictionary<string, CMap?> Maps = new(StringComparer.Ordinal);

    /// <summary>The files' bytes by name, where they are kept; otherwise they are read when they are needed.</summary>
    private static Dictionary<string, byte[]>? kept;

    /// <summary>One of the files, named because the folder cannot always be listed; null where it is not there.</summary>
    public static string? Sample => Path.Combine(Folder, "UniKS-UTF16-H.bcmap") is var file && File.Exists(file) ? file : null;

    /// <summary>Reads the bytes of all files (some 2 MB), for a process that is about to lose the right to.</summary>
    public static void KeepAll() => kept = Directory.EnumerateFiles(Folder, "*.bcmap").ToDictionary(file => Path.GetFileNameWithoutExtension(file), File.ReadAllBytes, StringComparer.Ordinal);

    /// <summary>The CMap of this name; null where there is none.</summary>
    /// <exception cref="InvalidDataException">The program's own file is damaged.</exception>
    public static CMap? Find(string name)
    {
        // Names come from files: only letters, digits and hyphens ever reach the file system, and unknown names are not kept.
        if (name.Length is 0 or > NameLengthMax || !name.All(c => char.IsAsciiLetterOrDigit(c) || c == '-'))
        {
            return null;
        }

        return Maps.TryGetValue(name, out var known) ? known : Load(name) is { } map ? Maps.GetOrAdd(name, map) : null;
    }

    /// <summary>The texts of a collection's character numbers; null for a collection that has none.</summary>
    /// <param name="ordering">Of the font's <c>CIDSystemInfo</c>: <c>Korea1</c>, <c>Japan1</c>, <c>GB1</c>, <c>CNS1</c>.</param>
    public static CMap? Texts(string ordering) => Find($"Adobe-{ordering}-UCS2");

    /// <summary>The collection whose characters a predefined CMap gives; null for others.</summary>
    public static string? Ordering(string name) => name switch
    {
        _ when name.StartsWith("UniKS", StringComparison.Ordinal) || name.StartsWith("KSC", StringComparison.Ordinal) => "Korea1",
        _ when name.StartsWith("UniJIS", StringComparison.Ordinal) || name.Contains("RKSJ", StringComparison.Ordinal) || name is "H" or "V" or "EUC-H" or "EUC-V" => "Japan1",
        _ when name.StartsWith("UniGB", StringComparison.Ordinal) || name.StartsWith("GB", StringComparison.Ordinal) => "GB1",
        _ when name.StartsWith("UniCNS", StringComparison.Ordinal) || name.Contains("B5", StringComparison.Ordinal) || name.StartsWith("CNS", StringComparison.Ordinal) => "CNS1",
        _ => null,
    };

    private static CMap? Load(string name)
    {
        if (name is "Identity-H" or "Identity-V")
        {
            return CMap.Identity(name == "Identity-V");
        }

        var unicode = Unicode(name);
        var map = new CMap { Unicode = unicode, IsVertical = name.EndsWith("-V", StringComparison.Ordinal) };
        if (Bytes(name) is { } bytes)
        {
            new CMapBinaryReader(bytes).ReadInto(map, Find);
            return map;
        }

        // Adobe-KR's CMaps are younger than the collection: their codes are Unicode, which is all that text needs of them.
        return unicode == CMapUnicode.None ? null : WithCodeSpaces(map);
    }

    private static byte[]? Bytes(string name)
    {
        if (kept is not null)
        {
            return kept.GetValueOrDefault(name);
        }

        var path = Path.Combine(Folder, name + ".bcmap");
        return File.Exists(path) ? File.ReadAllBytes(path) : null;
    }

    private static CMapUnicode Unicode(string name) => name switch
    {
        _ when !name.StartsWith("Uni", StringComparison.Ordinal) => CMapUnicode.None,
        _ when name.Contains("-UTF8-", StringComparison.Ordinal) => CMapUnicode.Utf8,
        _ when name.Contains("-UTF16-", StringComparison.Ordinal) => CMapUnicode.Utf16,
        _ when name.Contains("-UTF32-", StringComparison.Ordinal) => CMapUnicode.Utf32,
        _ when name.Contains("-UCS2-", StringComparison.Ordinal) => CMapUnicode.Ucs2,
        _ => CMapUnicode.None,
    };

    private static CMap WithCodeSpaces(CMap map)
    {
        ReadOnlySpan<(int Bytes, uint Low, uint High)> spaces = map.Unicode switch
        {
            CMapUnicode.Utf8 => [(1, 0x00, 0x7F), (2, 0xC080, 0xDFBF), (3, 0xE08080, 0xEFBFBF), (4, 0xF0808080, 0xF7BFBFBF)],
            CMapUnicode.Utf16 => [(2, 0x0000, 0xD7FF), (4, 0xD800DC00, 0xDBFFDFFF), (2, 0xE000, 0xFFFF)],
            CMapUnicode.Utf32 => [(4, 0x00000000, 0x0010FFFF)],
            _ => [(2, 0x0000, 0xFFFF)],
        };
        foreach (var (bytes, low, high) in spaces)
        {
            map.AddCodeSpace(bytes, low, high);
        }

        return map;
    }
}
