namespace Pybo.Rag.Documents.Pdf;

/// <summary>Decrypts the strings and the stream of one object (ISO 32000-2, 7.6.3).</summary>
internal sealed class PdfObjectCipher(PdfSecurity security, int number, int generation)
{
    // Of RC4 and AES-128 each object has a key of its own; AES-256 uses the file's.
    private byte[]? rc4Key;
    private byte[]? aesKey;

    public ReadOnlyMemory<byte> DecryptString(ReadOnlySpan<byte> encrypted) => Decrypt(security.Strings, encrypted);

    public ReadOnlyMemory<byte> Decrypt(PdfCipher cipher, ReadOnlySpan<byte> encrypted) => cipher switch
    {
        PdfCipher.Rc4 => PdfCiphers.Rc4(rc4Key ??= Key([])[..Math.Min(security.Key.Length + 5, 16)], encrypted),
        PdfCipher.Aes128 => PdfCiphers.AesCbc(aesKey ??= Key("sAlT"u8), encrypted),
        PdfCipher.Aes256 when security.Key.Length == 32 => PdfCiphers.AesCbc(security.Key, encrypted),
        _ => encrypted.ToArray(),
    };

    private byte[] Key(ReadOnlySpan<byte> salt)
    {
        byte[] source =
        [
            .. security.Key,
            (byte)number, (byte)(number >> 8), (byte)(number >> 16),
            (byte)generation, (byte)(generation >> 8),
            .. salt,
        ];
        return PdfCiphers.Md5(source);
    }
}
