namespace Pybo.Rag.Documents.Pdf;

/// <summary>Decrypts the strings of one object.</summary>
internal sealed class PdfObjectCipher(int number)
{
    public ReadOnlyMemory<byte> DecryptString(ReadOnlySpan<byte> encrypted) => encrypted.ToArray().AsMemory(number);
}
