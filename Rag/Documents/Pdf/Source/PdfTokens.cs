using Pybo.Rag.Documents.Pdf.Visibility;
using UglyToad.PdfPig.Core;
using UglyToad.PdfPig.Parser.Parts;
using UglyToad.PdfPig.Tokenization.Scanner;
using UglyToad.PdfPig.Tokens;

namespace Pybo.Rag.Documents.Pdf.Source;

/// <summary>Lenient reading of PdfPig's tokens: an entry of another type, or a dangling reference, counts as missing.</summary>
internal static class PdfTokens
{
    /// <summary>True for errors that a file can cause; the process's own shortages are not caught.</summary>
    public static bool IsInFile(Exception error) => error is not (OutOfMemoryException or DocumentUnreadableException);

    /// <summary>Returns the entry unresolved: a reference stays one.</summary>
    public static IToken? Entry(this DictionaryToken? owner, string name) => owner is not null && owner.Data.TryGetValue(name, out var value) ? value : null;

    /// <summary>Returns the value of an entry, or of the object to which it refers; null if it is missing or of another type.</summary>
    public static T? Find<T>(this IPdfTokenScanner scanner, DictionaryToken? owner, string name)
        where T : class, IToken => scanner.Find<T>(owner.Entry(name));

    public static T? Find<T>(this IPdfTokenScanner scanner, IToken? value)
        where T : class, IToken => value is T direct ? direct : DirectObjectFinder.TryGet<T>(value, scanner, out var found) ? found : null;

    public static string? Name(this IPdfTokenScanner scanner, DictionaryToken? owner, string name) => scanner.Find<NameToken>(owner, name)?.Data;

    public static double? Number(this IPdfTokenScanner scanner, DictionaryToken? owner, string name) => scanner.Find<NumericToken>(owner, name)?.Double;

    public static double? Number(this IPdfTokenScanner scanner, IToken? value) => scanner.Find<NumericToken>(value)?.Double;

    /// <summary>Returns the first numbers of an array, 0 for other tokens; null if the array is missing or shorter.</summary>
    public static double[]? Numbers(this IPdfTokenScanner scanner, DictionaryToken? owner, string name, int count) =>
        scanner.Find<ArrayToken>(owner, name) is { } array && array.Length >= count
            ? [.. array.Data.Take(count).Select(item => scanner.Number(item) ?? 0)]
            : null;

    /// <summary>Returns the bytes of a string; null for other tokens.</summary>
    public static byte[]? Bytes(this IPdfTokenScanner scanner, IToken? value) =>
        scanner.Find<StringToken>(value)?.GetBytes() ?? scanner.Find<HexToken>(value)?.Bytes.ToArray();

    /// <summary>Returns a text string (ISO 32000-2, 7.9.2.2), cut to <paramref name="bytesMax"/> bytes; null for other tokens.</summary>
    public static string? Text(this IPdfTokenScanner scanner, IToken? value, int bytesMax) =>
        scanner.Bytes(value) is { } bytes ? PdfTextString.Decode(bytes.AsSpan(0, Math.Min(bytes.Length, bytesMax))) : null;

    public static PdfMatrix Matrix(in TransformationMatrix matrix) => new(matrix.A, matrix.B, matrix.C, matrix.D, matrix.E, matrix.F);

    /// <summary>Returns the rectangle of two corners in any order.</summary>
    public static PdfBox Box(double[] corners) =>
        new(Math.Min(corners[0], corners[2]), Math.Min(corners[1], corners[3]), Math.Max(corners[0], corners[2]), Math.Max(corners[1], corners[3]));
}
