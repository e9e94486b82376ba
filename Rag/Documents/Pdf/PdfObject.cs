using System.Diagnostics.CodeAnalysis;

namespace Pybo.Rag.Documents.Pdf;

/// <summary>A value of a PDF file (ISO 32000-2, 7.3). Values refer to each other by <see cref="PdfReference"/>; <see cref="PdfFile.Resolve"/> follows it.</summary>
internal abstract record PdfObject;

/// <summary>The null value; also stands for everything that is missing or cannot be read.</summary>
internal sealed record PdfNull : PdfObject
{
    private PdfNull()
    {
    }

    public static PdfNull Instance { get; } = new();
}

internal sealed record PdfBoolean(bool Value) : PdfObject
{
    public static PdfBoolean True { get; } = new(true);

    public static PdfBoolean False { get; } = new(false);
}

internal sealed record PdfNumber(double Value) : PdfObject
{
    private const int CachedMin = -256;
    private const int CachedMax = 1_024;

    private static readonly PdfNumber[] Cached = [.. Enumerable.Range(CachedMin, CachedMax - CachedMin + 1).Select(n => new PdfNumber(n))];

    /// <summary>The value as a whole number, cut towards zero and to the range of an <see cref="int"/>.</summary>
    public int Integer => (int)Math.Clamp(Value, int.MinValue, int.MaxValue);

    /// <summary>The shared object of a small whole number, otherwise a new one: most numbers of a file are small.</summary>
    public static PdfNumber Of(double value) =>
        value is >= CachedMin and <= CachedMax && value == (int)value ? Cached[(int)value - CachedMin] : new(value);
}

/// <param name="Bytes">Decrypted; escapes and hexadecimal digits are decoded.</param>
internal sealed record PdfString(ReadOnlyMemory<byte> Bytes) : PdfObject;

/// <param name="Value">Without its slash, one character a byte (Latin-1), <c>#xx</c> decoded.</param>
internal sealed record PdfName(string Value) : PdfObject;

internal sealed record PdfReference(int Number, int Generation) : PdfObject;

internal sealed record PdfArray(IReadOnlyList<PdfObject> Items) : PdfObject
{
    public static PdfArray Empty { get; } = new([]);
}

/// <summary>A dictionary; its keys are names without their slash.</summary>
internal sealed record PdfDictionary(IReadOnlyDictionary<string, PdfObject> Entries) : PdfObject
{
    public static PdfDictionary Empty { get; } = new(new Dictionary<string, PdfObject>(StringComparer.Ordinal));

    /// <summary>The value as it stands there, possibly a reference; null where there is none.</summary>
    public PdfObject? this[string name] => Entries.GetValueOrDefault(name);

    public bool Has(string name) => Entries.ContainsKey(name);

    /// <summary>True where the entry stands there directly as this name, as <c>Type</c> nearly always does.</summary>
    public bool IsNamed(string name, string value) => Entries.TryGetValue(name, out var entry) && entry is PdfName { Value: var given } && given == value;

    public bool TryGet(string name, [NotNullWhen(true)] out PdfObject? value) => Entries.TryGetValue(name, out value);
}

/// <summary>A stream as it lies in the file: its bytes are found, decrypted and decoded only when <see cref="PdfFile.Decode"/> is asked for them.</summary>
/// <param name="Start">Where its bytes begin in the file.</param>
/// <param name="Number">The number of its object, which its decryption needs.</param>
internal sealed record PdfStream(PdfDictionary Dictionary, int Start, int Number, int Generation) : PdfObject
{
    // Two streams are the same only where they are one object: comparing their dictionaries could follow a whole file.
    public bool Equals(PdfStream? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => HashCode.Combine(Start, Number);
}
