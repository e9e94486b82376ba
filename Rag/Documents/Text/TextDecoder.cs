using System.Text;
using Pybo.Data;

namespace Pybo.Rag.Documents;

/// <summary>
/// Decodes bytes without being told the encoding: a byte order mark, otherwise UTF-16 recognised by its zero bytes, otherwise UTF-8,
/// otherwise CP949 (the Korean encoding of Windows, which contains EUC-KR) or Johab (조합형, KS X 1001 annex 3, of programs for DOS).
/// </summary>
public static class TextDecoder
{
    /// <summary>A larger file is refused: four bytes for each character of the longest document.</summary>
    public const int BytesMax = 4 * DocumentReader.CharactersMax;

    /// <summary>With more than one unreadable character in this many, the file is something else.</summary>
    private const int CharactersPerFault = 50;

    /// <summary>The number of bytes examined to tell text from a binary file; even, so that no UTF-16 character is split.</summary>
    private const int LookBytesMax = 65_536;

    private const int ZerosRatioMin = 4;

    /// <summary>Fewer zeros than one in this many are strays: UTF-16 has one for each space and line end.</summary>
    private const int LengthPerZero = 400;

    private const char Replacement = '\uFFFD';

    private static readonly Encoding Utf16BigEndian = new UnicodeEncoding(bigEndian: true, byteOrderMark: true);

    private static readonly Encoding Cp949 = CodePage(949);
    private static readonly Encoding Johab = CodePage(1361);

    /// <summary>Returns the text and the number of unreadable characters: each becomes U+FFFD, and a stray zero is left out.</summary>
    /// <param name="declared">The encoding that the document declares. A byte order mark and bytes that are valid UTF-8 take precedence: pages are re-saved without their declaration being changed.</param>
    /// <exception cref="DocumentUnreadableException">Too large, binary, or in no known encoding.</exception>
    public static (string Text, int Faults) Decode(ReadOnlySpan<byte> bytes, Encoding? declared = null)
    {
        if (bytes.Length > BytesMax)
        {
            throw new DocumentUnreadableException(Notice.Of(ReadingProblem.TooLarge, BytesMax / 1_000_000));
        }

        var best = Candidates(bytes, declared);
        return Fault(best) is { } reason ? throw new DocumentUnreadableException(reason) : best;
    }

    /// <summary>Returns why these bytes, a file or its beginning, are not text; null if they are.</summary>
    public static Notice? Fault(ReadOnlySpan<byte> bytes) => Fault(Candidates(bytes[..Math.Min(bytes.Length, LookBytesMax)], declared: null));

    private static Notice? Fault((string Text, int Faults) best)
    {
        if (best.Text.Contains('\0', StringComparison.Ordinal))
        {
            return Notice.Of(ReadingProblem.Binary);
        }

        var isGuess = (long)best.Faults * CharactersPerFault > best.Text.Length && best.Faults > 1;
        return isGuess ? Notice.Of(ReadingProblem.UnknownEncoding) : null;
    }

    /// <summary>Returns the text if it is CP949 without a fault and has at least as many Hangul or Hanja as other non-ASCII letters; otherwise null.</summary>
    internal static string? TryKorean(ReadOnlySpan<byte> bytes)
    {
        var (text, faults) = Read(Cp949, bytes);
        var korean = text.Count(c => c is (>= '가' and <= '힣') or (>= '一' and <= '龥'));
        return faults == 0 && korean * 2 >= text.Count(c => c > '\u007F') && korean > 0 ? text : null;
    }

    private static (string Text, int Faults) Candidates(ReadOnlySpan<byte> bytes, Encoding? declared) => WithoutStrayZeros(bytes switch
    {
        [0xEF, 0xBB, 0xBF, .. var rest] => Read(Encoding.UTF8, rest),
        [0xFF, 0xFE, .. var rest] => Read(Encoding.Unicode, rest),
        [0xFE, 0xFF, .. var rest] => Read(Utf16BigEndian, rest),
        _ when bytes.Count((byte)0) is > 0 and var zeros && IsMany(zeros, bytes.Length) => Utf16(bytes),
        _ => Unmarked(bytes, declared),
    });

    private static bool IsMany(int zeros, int length) => (long)zeros * LengthPerZero >= length;

    private static (string Text, int Faults) WithoutStrayZeros((string Text, int Faults) read)
    {
        var zeros = read.Text.AsSpan().Count('\0');
        return zeros == 0 || IsMany(zeros, read.Text.Length) ? read : (read.Text.Replace("\0", "", StringComparison.Ordinal), read.Faults + zeros);
    }

    /// <summary>Tries UTF-16: its spaces, digits and line ends have a zero high byte; few other characters contain a zero at all (글 is U+AE00).</summary>
    private static (string Text, int Faults) Utf16(ReadOnlySpan<byte> bytes)
    {
        Span<int> zeros = [0, 0];
        for (var at = 0; at < bytes.Length; at++)
        {
            zeros[at & 1] += bytes[at] == 0 ? 1 : 0;
        }

        return (zeros[0], zeros[1]) switch
        {
            _ when bytes.Length % 2 != 0 => ("\0", 0),
            var (even, odd) when odd >= ZerosRatioMin * even => Read(Encoding.Unicode, bytes),
            var (even, odd) when even >= ZerosRatioMin * odd => Read(Utf16BigEndian, bytes),
            _ => ("\0", 0),
        };
    }

    private static (string Text, int Faults) Unmarked(ReadOnlySpan<byte> bytes, Encoding? declared)
    {
        var utf8 = Read(Encoding.UTF8, bytes);
        if (utf8.Faults == 0)
        {
            return utf8;
        }

        var other = Read(declared ?? Cp949, bytes);
        if (declared is null && KoreanEncoding.IsJohab(bytes[..Math.Min(bytes.Length, LookBytesMax)], Cp949, Johab))
        {
            other = Read(Johab, bytes);
        }

        return other.Faults < utf8.Faults ? other : utf8;
    }

    private static Encoding CodePage(int number) => CodePagesEncodingProvider.Instance.GetEncoding(number, EncoderFallback.ReplacementFallback, new DecoderReplacementFallback("\uFFFD"))
        ?? throw new InvalidOperationException($"The shared framework has no code page {number}.");

    private static (string Text, int Faults) Read(Encoding encoding, ReadOnlySpan<byte> bytes)
    {
        var text = encoding.GetString(bytes);
        return (text, text.AsSpan().Count(Replacement));
    }
}
