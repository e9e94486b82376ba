namespace Pybo.Rag.Documents.Pdf;

/// <summary>How a file is encrypted (ISO 32000-2, 7.6): the standard handler, RC4 and AES, with an empty user or owner password.</summary>
internal sealed class PdfSecurity
{
    private readonly PdfFile file;
    private readonly PdfDictionary encryption;
    private readonly PdfCipher streams;
    private readonly int version;
    private readonly bool encryptsMetadata;

    private PdfSecurity(PdfFile file, PdfDictionary encryption, byte[] key)
    {
        this.file = file;
        this.encryption = encryption;
        version = file.Integer(encryption, "V") ?? 0;
        encryptsMetadata = file.Boolean(encryption, "EncryptMetadata") ?? true;
        Key = key;
        streams = version < 4 ? PdfCipher.Rc4 : Named(file.Name(encryption, "StmF") ?? "Identity");
        Strings = version < 4 ? PdfCipher.Rc4 : Named(file.Name(encryption, "StrF") ?? "Identity");
    }

    public byte[] Key { get; }

    public PdfCipher Strings { get; }

    /// <exception cref="DocumentUnreadableException">A password or a certificate is needed.</exception>
    public static PdfSecurity Open(PdfFile file, PdfDictionary encryption, PdfObject? identifier)
    {
        if (file.Name(encryption, "Filter") is not (null or "Standard"))
        {
            throw new DocumentUnreadableException("인증서나 별도의 보안 프로그램으로 잠긴 PDF입니다. 잠금을 푼 파일을 올려 주세요.");
        }

        var revision = file.Integer(encryption, "R") ?? 2;
        if (revision is < 2 or > 6)
        {
            throw new DocumentUnreadableException("알 수 없는 방식으로 암호화된 PDF입니다. 암호를 없앤 파일을 올려 주세요.");
        }

        var id = file.Array(identifier) is [var first, ..] ? Bytes(file.String(first)) : Bytes(file.String(identifier));
        var entries = new PdfEncryptionEntries(
            revision, KeyBytes(file, encryption), Permissions(file, encryption), file.Boolean(encryption, "EncryptMetadata") ?? true,
            Bytes(file.String(encryption, "O")), Bytes(file.String(encryption, "U")),
            Bytes(file.String(encryption, "OE")), Bytes(file.String(encryption, "UE")), id);
        var key = PdfPasswordKey.Find(entries);
        var security = new PdfSecurity(file, encryption, key ?? []);
        // Where only attachments are encrypted, the document needs no password.
        return key is not null || (security.streams == PdfCipher.None && security.Strings == PdfCipher.None)
            ? security
            : throw new DocumentUnreadableException("암호가 걸린 PDF입니다. 암호를 없앤 파일을 올려 주세요.");
    }

    public PdfObjectCipher Of(int number, int generation) => new(this, number, generation);

    public ReadOnlyMemory<byte> Decrypt(PdfStream stream, ReadOnlyMemory<byte> raw)
    {
        var cipher = Of(stream.Dictionary);
        return cipher == PdfCipher.None ? raw : Of(stream.Number, stream.Generation).Decrypt(cipher, raw.Span);
    }

    private PdfCipher Of(PdfDictionary stream)
    {
        // Cross-reference streams are needed to decrypt, so they are not encrypted.
        var type = file.Name(stream, "Type");
        if (type == "XRef" || (type == "Metadata" && !encryptsMetadata))
        {
            return PdfCipher.None;
        }

        var filter = file.Array(stream, "Filter") is [var first, ..] ? file.Name(first) : file.Name(stream, "Filter");
        if (filter != "Crypt")
        {
            return streams;
        }

        var parameters = file.Array(stream, "DecodeParms") is [var given, ..] ? file.Dictionary(given) : file.Dictionary(stream, "DecodeParms");
        return Named((parameters is null ? null : file.Name(parameters, "Name")) ?? "Identity");
    }

    /// <summary>The cipher of a crypt filter of the encryption dictionary.</summary>
    private PdfCipher Named(string filter)
    {
        if (filter == "Identity" || file.Dictionary(encryption, "CF") is not { } filters || file.Dictionary(filters, filter) is not { } named)
        {
            return PdfCipher.None;
        }

        return file.Name(named, "CFM") switch
        {
            "V2" => PdfCipher.Rc4,
            "AESV2" => PdfCipher.Aes128,
            "AESV3" => PdfCipher.Aes256,
            _ => PdfCipher.None,
        };
    }

    private static int KeyBytes(PdfFile file, PdfDictionary encryption)
    {
        const int Shortest = 5;
        const int Longest = 16;
        var bits = (file.Integer(encryption, "V") ?? 0) switch
        {
            <= 1 => 40,
            4 => file.Integer(encryption, "Length") ?? 128,
            _ => file.Integer(encryption, "Length") ?? 40,
        };
        // Some producers give the length in bytes.
        return Math.Clamp(bits < 40 ? bits : bits / 8, Shortest, Longest);
    }

    // A bit field that some write as an unsigned number.
    private static int Permissions(PdfFile file, PdfDictionary encryption) =>
        unchecked((int)(long)Math.Clamp(file.Number(encryption, "P") ?? 0, int.MinValue, uint.MaxValue));

    private static byte[] Bytes(ReadOnlyMemory<byte>? value) => value?.ToArray() ?? [];
}
