namespace Pybo.Rag.Documents.Pdf;

/// <summary>An open PDF file (ISO 32000-2): its objects, streams and pages, read when they are asked for.</summary>
/// <remarks>Lenient: a table that is missing or leads astray is made anew by looking through the file, and what cannot be read counts as missing.</remarks>
internal sealed class PdfFile
{
    /// <summary>The signature may stand behind other bytes, such as a printer's job header.</summary>
    private const int HeaderBytesMax = 1_024;

    private readonly PdfObjectReader reader;
    private readonly PdfStreamDecoder decoder;
    private readonly PdfDecodedStreams decodedStreams = new();
    private readonly PdfObjectStreams objectStreams;
    private readonly Dictionary<int, PdfObject> cache = [];
    private readonly HashSet<int> loading = [];
    private PdfEntries entries = new();
    private PdfEntries? recovered;
    private PdfSecurity? security;
    private int cachedItems;
    private bool isRebuilt;
    private bool isCut;

    private PdfFile(ReadOnlyMemory<byte> bytes)
    {
        IsCutOff = EndsInside(bytes.Span);
        reader = new(bytes, Names);
        decoder = new(this);
        objectStreams = new(this);
    }

    public PdfNames Names { get; } = new();

    /// <summary>The document's root dictionary.</summary>
    public PdfDictionary Catalog { get; private set; } = PdfDictionary.Empty;

    /// <summary>The document's information dictionary; empty where it has none.</summary>
    public PdfDictionary Info { get; private set; } = PdfDictionary.Empty;

    /// <summary>What the document calls itself; empty where it does not.</summary>
    public string Title => this.String(Info, "Title") is { } title ? PdfTextString.Decode(title.Span) : "";

    /// <summary>True where a limit was met: some of the file was left out.</summary>
    public bool IsTruncated => isCut || decoder.IsTruncated || decodedStreams.IsExhausted || reader.IsExhausted;

    /// <summary>True where compressed data was damaged: what came behind it is lost.</summary>
    public bool IsDamaged => decoder.IsDamaged;

    /// <summary>True where the file's last part is missing, as after a download that broke off.</summary>
    public bool IsCutOff { get; }

    /// <exception cref="DocumentUnreadableException">It is no PDF file, or needs a password; in Korean.</exception>
    public static PdfFile Open(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Length > PdfLimits.FileBytesMax)
        {
            throw new DocumentUnreadableException($"PDF 파일이 너무 큽니다. {PdfLimits.FileBytesMax >> 20:N0} MB까지 읽을 수 있습니다.");
        }

        var header = bytes.Span[..Math.Min(HeaderBytesMax, bytes.Length)].IndexOf("%PDF-"u8);
        var file = new PdfFile(bytes);
        file.ReadTable(Math.Max(0, header));
        if (file.Pages().FirstOrDefault() is null)
        {
            file.Rebuild();
        }

        return file;
    }

    /// <summary>The value itself, or what a reference leads to; <see cref="PdfNull"/> for a missing one. Never throws, never returns a reference.</summary>
    public PdfObject Resolve(PdfObject? value)
    {
        for (var steps = 0; value is PdfReference reference; steps++)
        {
            value = steps < PdfLimits.ReferencesMax ? Load(reference.Number) : null;
        }

        return value ?? PdfNull.Instance;
    }

    /// <summary>A stream's bytes, decrypted and decoded: what could be read of damaged ones, nothing of images.</summary>
    public ReadOnlyMemory<byte> Decode(PdfStream stream) => decodedStreams.Get(stream, DecodeNow);

    /// <summary>The pages in order, each found when it is asked for; at most one more than <see cref="PdfLimits.PagesMax"/>, which tells that there are more.</summary>
    public IEnumerable<PdfPage> Pages() => new PdfPages(this).Read(() => entries.Numbers.Concat(Recovered().Numbers).Distinct());

    /// <summary>A page's content: its streams, decoded and joined with line feeds.</summary>
    public ReadOnlyMemory<byte> Contents(PdfPage page)
    {
        var contents = Resolve(page.Dictionary["Contents"]);
        if (contents is PdfStream single)
        {
            return Decode(single);
        }

        var joined = new MemoryStream();
        var parts = (contents as PdfArray)?.Items ?? [];
        isCut |= parts.Count > PdfLimits.ContentStreamsMax;
        foreach (var part in parts.Take(PdfLimits.ContentStreamsMax))
        {
            if (joined.Length >= PdfLimits.StreamBytesMax)
            {
                isCut = true;
                break;
            }

            if (Resolve(part) is PdfStream stream)
            {
                joined.Write(Decode(stream).Span);
                joined.WriteByte((byte)'\n');
            }
        }

        return joined.GetBuffer().AsMemory(0, (int)joined.Length);
    }

    /// <summary>Notes that a limit was met which <see cref="PdfLimits"/> sets.</summary>
    internal void Cut() => isCut = true;

    /// <summary>The numbers of an object stream's objects, in order.</summary>
    internal IReadOnlyList<int> NumbersIn(int container) => objectStreams.NumbersIn(container);

    private ReadOnlyMemory<byte> DecodeNow(PdfStream stream)
    {
        if (!decoder.CanDecode(stream.Dictionary))
        {
            return default;
        }

        var raw = reader.Raw(stream, this.Integer(stream.Dictionary, "Length"));
        return decoder.Decode(stream.Dictionary, security is null ? raw : security.Decrypt(stream, raw));
    }

    private void ReadTable(int shift)
    {
        var table = new PdfSectionReader(this, reader, shift).Read()
            ?? (shift > 0 ? new PdfSectionReader(this, reader, 0).Read() : null);
        if (table is null)
        {
            Rebuild();
            return;
        }

        Use(table);
        if (this.Dictionary(table.Trailer, "Root") is not { } root || this.Dictionary(root, "Pages") is null)
        {
            Rebuild();
        }
    }

    // A whole file says behind its last object where its table lies, and that it ends.
    private static bool EndsInside(ReadOnlySpan<byte> bytes) =>
        bytes.LastIndexOf(" obj"u8) is >= 0 and var last && bytes[last..].IndexOf("startxref"u8) < 0 && bytes[last..].IndexOf("%%EOF"u8) < 0;

    /// <summary>Takes a table made anew instead of the file's own.</summary>
    private void Rebuild()
    {
        if (isRebuilt)
        {
            return;
        }

        isRebuilt = true;
        Forget();
        var rebuild = new PdfRebuild(this, reader);
        recovered = rebuild.FindObjects();
        Use(recovered);
        rebuild.FindInStreams();
        Use(recovered);
        if (Catalog.Entries.Count == 0 && rebuild.FindRoot() is { } root)
        {
            Catalog = this.Dictionary(root) ?? PdfDictionary.Empty;
        }
    }

    /// <summary>A table made anew, for the objects to which the file's own does not lead.</summary>
    private PdfEntries Recovered()
    {
        if (recovered is null)
        {
            var rebuild = new PdfRebuild(this, reader);
            // Object streams may need objects that are only found by it.
            recovered = rebuild.FindObjects();
            rebuild.FindInStreams();
        }

        return recovered;
    }

    private void Use(PdfEntries table)
    {
        entries = table;
        var trailer = table.Trailer;
        // A dictionary that lacks what a password is checked against encrypts nothing.
        if (security is null && this.Dictionary(trailer, "Encrypt") is { } encryption && (this.Name(encryption, "Filter") is not "Standard" || this.String(encryption, "U") is not null))
        {
            security = PdfSecurity.Open(this, encryption, trailer["ID"]);
        }

        // What was read before the table and the key were known is missing or encrypted; the encryption dictionary itself has been used by now.
        Forget();
        Catalog = this.Dictionary(trailer, "Root") ?? PdfDictionary.Empty;
        Info = this.Dictionary(trailer, "Info") ?? PdfDictionary.Empty;
    }

    private PdfObject? Load(int number)
    {
        if (cache.TryGetValue(number, out var known))
        {
            return known;
        }

        // A number of which the table says nothing may have been found by looking for it; a deleted one stays away.
        if ((entries.Has(number) ? entries[number] : recovered?[number]) is not { } entry || reader.IsExhausted || loading.Count >= PdfLimits.ReferencesMax || !loading.Add(number))
        {
            return null;
        }

        try
        {
            var found = Read(entry, number);
            if (found is null && !isRebuilt && Recovered()[number] is { } other && other != entry)
            {
                found = Read(other, number);
            }

            Keep(number, found ?? new(PdfNull.Instance, 1));
            return found?.Value;
        }
        finally
        {
            loading.Remove(number);
        }
    }

    private PdfFoundObject? Read(PdfEntry entry, int number) => entry.Container > 0
        ? objectStreams.LexerAt(entry.Container, entry.Place, number) is { } lexer ? reader.ReadInStream(lexer) : null
        : reader.ReadAt(entry.Place, number, security);

    private void Keep(int number, PdfFoundObject found)
    {
        cachedItems += found.Items;
        if (cachedItems > PdfLimits.CachedItemsMax)
        {
            cache.Clear();
            cachedItems = found.Items;
        }

        cache[number] = found.Value;
    }

    private void Forget()
    {
        cache.Clear();
        cachedItems = 0;
        objectStreams.Clear();
    }
}
