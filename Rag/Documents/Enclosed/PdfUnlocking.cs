using System.Globalization;
using System.Text;
using Pybo.Data;
using Pybo.Rag.Documents.Pdf.Source;
using UglyToad.PdfPig;
using UglyToad.PdfPig.Core;
using UglyToad.PdfPig.Exceptions;
using UglyToad.PdfPig.Tokens;
using UglyToad.PdfPig.Writer;

namespace Pybo.Rag.Documents.Enclosed;

/// <summary>
/// Writes a PDF file that needs a password without its encryption (ISO 32000-2, 7.6): the same objects under the same numbers, as PdfPig decrypts them, and a new
/// table.
/// </summary>
internal static class PdfUnlocking
{
    private const int PieceBytes = 1 << 20;

    /// <summary>The trailer of an encrypted file has this name, and is never compressed.</summary>
    public static ReadOnlyMemory<byte> EncryptMark { get; } = "/Encrypt"u8.ToArray();

    /// <returns>Null if it can be read without a password, or not at all: its reader says why.</returns>
    /// <exception cref="DocumentUnreadableException">It needs a password, or another one.</exception>
    public static IEnumerable<ReadOnlyMemory<byte>>? Open(ReadOnlyMemory<byte> bytes, string password)
    {
        if (TryOpen(bytes, "", out var isLocked) is { } open)
        {
            open.Dispose();
            return null;
        }

        // A certificate's lock has no password.
        if (!isLocked || bytes.Span.IndexOf("/Adobe.PubSec"u8) >= 0)
        {
            return null;
        }

        return password.Length == 0 ? throw new DocumentUnreadableException(Notice.Of(ReadingProblem.PasswordNeeded))
            : TryOpen(bytes, password, out _) is { } document ? Pieces(document)
            : throw new DocumentUnreadableException(Notice.Of(ReadingProblem.PasswordWrong));
    }

    private static PdfDocument? TryOpen(ReadOnlyMemory<byte> bytes, string password, out bool isLocked)
    {
        isLocked = false;
        try
        {
            return PdfDocument.Open(bytes, new ParsingOptions { UseLenientParsing = true, SkipMissingFonts = true, FilterProvider = new PdfFilters(), Password = password });
        }
        catch (PdfDocumentEncryptedException)
        {
            isLocked = true;
            return null;
        }
        catch (Exception broken) when (PdfTokens.IsInFile(broken))
        {
            return null; // its reader repairs it, or says why not
        }
    }

    private static IEnumerable<ReadOnlyMemory<byte>> Pieces(PdfDocument document)
    {
        using (document)
        {
            var structure = document.Structure;
            var offsets = new List<(IndirectReference Object, long Offset)>();
            using var piece = new MemoryStream();
            var written = 0L;
            piece.Write("%PDF-1.7\n%\u00E2\u00E3\n"u8);
            foreach (var reference in structure.CrossReferenceTable.ObjectOffsets.Keys.OrderBy(key => key.ObjectNumber).Take(PdfLimits.ObjectsMax))
            {
                var start = piece.Length;
                if (Object(document, reference) is { } token && TryWrite(piece, reference, token))
                {
                    offsets.Add((reference, written + start));
                }

                if (piece.Length >= PieceBytes)
                {
                    written += piece.Length;
                    yield return written <= ZipFiles.DecodedBytesMax ? piece.ToArray() : throw new DocumentUnreadableException(Notice.Of(ReadingProblem.TooLargeUnpacked));
                    piece.SetLength(0);
                }
            }

            var table = written + piece.Length;
            WriteTable(piece, offsets, structure.Trailer, table);
            yield return piece.ToArray();
        }
    }

    /// <summary>Returns an object, decrypted; null for one that belongs to the old table or the encryption, or cannot be read.</summary>
    private static IToken? Object(PdfDocument document, IndirectReference reference)
    {
        if (document.Structure.Trailer.EncryptionToken is IndirectReferenceToken encryption && encryption.Data.Equals(reference))
        {
            return null;
        }

        try
        {
            var token = document.Structure.TokenScanner.Get(reference)?.Data;
            return token is StreamToken stream && stream.StreamDictionary.Entry("Type") is NameToken { Data: "XRef" or "ObjStm" } ? null : token;
        }
        catch (Exception broken) when (PdfTokens.IsInFile(broken))
        {
            return null; // the reader of the result says what is missing
        }
    }

    /// <summary>Returns false, with nothing written, for an object that is no object, as in a damaged file.</summary>
    private static bool TryWrite(MemoryStream piece, IndirectReference reference, IToken token)
    {
        var start = piece.Length;
        try
        {
            Write(piece, reference, token);
            return true;
        }
        catch (Exception broken) when (PdfTokens.IsInFile(broken))
        {
            piece.SetLength(start);
            return false;
        }
    }

    private static void Write(MemoryStream piece, IndirectReference reference, IToken token)
    {
        Ascii(piece, $"{reference.ObjectNumber} {reference.Generation} obj\n");
        if (token is StreamToken stream)
        {
            TokenWriter.Instance.WriteToken(stream.StreamDictionary.With(NameToken.Length, new NumericToken(stream.Data.Length)), piece);
            piece.Write("\nstream\n"u8);
            piece.Write(stream.Data.Span);
            piece.Write("\nendstream"u8);
        }
        else
        {
            TokenWriter.Instance.WriteToken(token, piece);
        }

        piece.Write("\nendobj\n"u8);
    }

    private static void WriteTable(MemoryStream piece, List<(IndirectReference Object, long Offset)> offsets, UglyToad.PdfPig.CrossReference.TrailerDictionary trailer, long table)
    {
        piece.Write("xref\n0 1\n0000000000 65535 f \n"u8);
        foreach (var (written, offset) in offsets)
        {
            Ascii(piece, $"{written.ObjectNumber} 1\n{offset:0000000000} {written.Generation:00000} n \n");
        }

        var size = offsets.Count == 0 ? 1 : offsets.Max(entry => entry.Object.ObjectNumber) + 1;
        var information = trailer.Info is IndirectReferenceToken { Data: var info } ? string.Create(CultureInfo.InvariantCulture, $"/Info {info.ObjectNumber} {info.Generation} R") : "";
        Ascii(piece, $"trailer\n<</Size {size}/Root {trailer.Root.ObjectNumber} {trailer.Root.Generation} R{information}>>\nstartxref\n{table}\n%%EOF\n");
    }

    private static void Ascii(MemoryStream piece, FormattableString text) => piece.Write(Encoding.ASCII.GetBytes(text.ToString(CultureInfo.InvariantCulture)));
}
