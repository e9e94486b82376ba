using System.Text;

namespace Pybo.Rag.Documents.Pdf;

/// <summary>An open PDF file (ISO 32000-2): its objects, streams and pages, read when they are asked for.</summary>
/// <remarks>Lenient: a table that is missing or leads astray is made anew by looking through the file, and what cannot be read counts as missing.</remarks>
internal sealed class PdfFile
{
    /// <summary>The signature may stand behind other bytes, such as a printer's job header.</summary>
    private const int HeaderBytesMax = 1_024;

    private readonly ReadOnlyMemory<byte> bytes;
    private readonly PdfStreamDecoder decoder;
    private readonly PdfObjectStreams objectStreams;
    private readonly Dictionary<int, PdfObject> cache = [];
    private readonly HashSet<int> loading = [];
    private PdfEntries entries = new();
    private PdfSecurity? security;
    private long parsedBytes;
    private int cachedItems;
    private bool isRebuilt;

    private PdfFile(ReadOnlyMemory<byte> bytes)
    {
        this.bytes = bytes;
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
    public bool IsTruncated => decoder.IsTruncated || parsedBytes > PdfLimits.ParsedBytesMax;

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
    public ReadOnlyMemory<byte> Decode(PdfStream stream)
    {
        if (!decoder.CanDecode(stream.Dictionary))
        {
            return default;
        }

        var raw = Raw(stream);
        return decoder.Decode(stream.Dictionary, security is null ? raw : security.Decrypt(stream, raw));
    }

    /// <summary>The pages in order, at most <see cref="PdfLimits.PagesMax"/>, each found when it is asked for.</summary>
    public IEnumerable<PdfPage> Pages() => new PdfPages(this).Read(entries.Numbers);

    /// <summary>A page's content: its streams, decoded and joined with line feeds.</summary>
    public ReadOnlyMemory<byte> Contents(PdfPage page)
    {
        var contents = Resolve(page.Dictionary["Contents"]);
        if (contents is PdfStream single)
        {
            return Decode(single);
        }

        var joined = new MemoryStream();
        foreach (var part in ((contents as PdfArray)?.Items ?? []).Take(PdfLimits.ContentStreamsMax))
        {
            if (Resolve(part) is PdfStream stream && joined.Length < PdfLimits.StreamBytesMax)
            {
                joined.Write(Decode(stream).Span);
                joined.WriteByte((byte)'\n');
            }
        }

        return joined.GetBuffer().AsMemory(0, (int)joined.Length);
    }

    /// <summary>The object that begins at an offset ("12 0 obj"); null where none does.</summary>
    /// <param name="number">The number that it must have; null for any.</param>
    internal PdfObject? ReadObjectAt(int at, int? number)
    {
        var lexer = new PdfLexer(bytes, at, Names);
        if (lexer.Read() != PdfToken.Number || (number is not null && lexer.Number != number))
        {
            return null;
        }

        var own = (int)Math.Clamp(lexer.Number, 0, int.MaxValue);
        if (lexer.Read() != PdfToken.Number)
        {
            return null;
        }

        var generation = (int)Math.Clamp(lexer.Number, 0, int.MaxValue);
        if (lexer.Read() != PdfToken.Keyword || !StartsObject(lexer))
        {
            return null;
        }

        var parser = new PdfParser(lexer, security?.Of(own, generation));
        var value = parser.ReadObject();
        parsedBytes += lexer.Position - at;
        if (value is PdfDictionary dictionary && StreamStart(lexer) is { } start)
        {
            value = new PdfStream(dictionary, start, own, generation);
        }

        cachedItems += parser.Items;
        return value ?? PdfNull.Instance;
    }

    internal IReadOnlyList<int> NumbersIn(int container) => objectStreams.NumbersIn(container);

    /// <summary>"obj", also where its value follows without a space, as in <c>obj&lt;&lt;</c> (a word of its own) or <c>obj123</c> (not).</summary>
    private static bool StartsObject(PdfLexer lexer)
    {
        if (!lexer.Word.StartsWith("obj"u8))
        {
            return false;
        }

        lexer.Position -= lexer.Word.Length - "obj".Length;
        return true;
    }

    /// <summary>Where the bytes of a stream begin, if the dictionary just read is a stream's.</summary>
    private static int? StreamStart(PdfLexer lexer)
    {
        if (lexer.Read() != PdfToken.Keyword || !lexer.Word.StartsWith("stream"u8))
        {
            return null;
        }

        var at = lexer.Position - lexer.Word.Length + "stream".Length;
        var source = lexer.Source;
        // A line end, which belongs to the word; some write a space before it, some only a carriage return.
        while (at < source.Length && source[at] is (byte)' ' or (byte)'\t')
        {
            at++;
        }

        if (at < source.Length && source[at] == '\r')
        {
            at++;
        }

        return at < source.Length && source[at] == '\n' ? at + 1 : at;
    }

    private void ReadTable(int shift)
    {
        var table = new PdfSectionReader(this, bytes, shift).Read()
            ?? (shift > 0 ? new PdfSectionReader(this, bytes, 0).Read() : null);
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

    private void Rebuild()
    {
        if (isRebuilt)
        {
            return;
        }

        isRebuilt = true;
        security = null;
        cache.Clear();
        var rebuild = new PdfRebuild(this, bytes);
        var found = rebuild.FindObjects();
        Use(found);
        rebuild.FindInStreams();
        Use(found);
        if (Catalog.Entries.Count == 0 && rebuild.FindRoot() is { } root)
        {
            Catalog = this.Dictionary(root) ?? PdfDictionary.Empty;
        }
    }

    private void Use(PdfEntries table)
    {
        entries = table;
        var trailer = table.Trailer;
        // A dictionary that lacks what a password is checked against encrypts nothing.
        if (security is null && this.Dictionary(trailer, "Encrypt") is { } encryption && (this.Name(encryption, "Filter") is not "Standard" || this.String(encryption, "U") is not null))
        {
            security = PdfSecurity.Open(this, encryption, trailer["ID"]);
            // What was read before the key was known has encrypted strings; the encryption dictionary itself has been used by now.
            cache.Clear();
        }

        Catalog = this.Dictionary(trailer, "Root") ?? PdfDictionary.Empty;
        Info = this.Dictionary(trailer, "Info") ?? PdfDictionary.Empty;
    }

    private PdfObject? Load(int number)
    {
        if (cache.TryGetValue(number, out var known))
        {
            return known;
        }

        if (entries[number] is not { } entry || parsedBytes > PdfLimits.ParsedBytesMax || loading.Count >= PdfLimits.ReferencesMax || !loading.Add(number))
        {
            return null;
        }

        try
        {
            var value = entry.Container > 0
                ? objectStreams.Read(entry.Container, entry.Place, number, Parse)
                : ReadObjectAt(entry.Place, number);
            if (value is null && !isRebuilt)
            {
                // The table leads astray: the others that it names may be wrong too.
                Rebuild();
                return entries[number] is { } found && found != entry ? LoadFound(found, number) : null;
            }

            Keep(number, value ?? PdfNull.Instance);
            return value;
        }
        finally
        {
            loading.Remove(number);
        }
    }

    private PdfObject? LoadFound(PdfEntry entry, int number)
    {
        var value = entry.Container > 0 ? objectStreams.Read(entry.Container, entry.Place, number, Parse) : ReadObjectAt(entry.Place, number);
        Keep(number, value ?? PdfNull.Instance);
        return value;
    }

    private PdfObject? Parse(PdfLexer lexer)
    {
        // Strings of objects in a stream are encrypted with the stream, not a second time.
        var parser = new PdfParser(lexer);
        var before = lexer.Position;
        var value = parser.ReadObject();
        parsedBytes += lexer.Position - before;
        cachedItems += parser.Items;
        return value ?? PdfNull.Instance;
    }

    private void Keep(int number, PdfObject value)
    {
        if (cachedItems > PdfLimits.CachedItemsMax)
        {
            cache.Clear();
            cachedItems = 0;
        }

        cache[number] = value;
    }

    /// <summary>The bytes of a stream as they lie there. A length that does not lead to the end of the stream is not believed.</summary>
    private ReadOnlyMemory<byte> Raw(PdfStream stream)
    {
        var span = bytes.Span;
        var length = this.Number(stream.Dictionary, "Length") ?? -1;
        if (length >= 0 && stream.Start + length <= span.Length && EndsAt(span, stream.Start + (int)length))
        {
            return bytes.Slice(stream.Start, (int)length);
        }

        var rest = span[Math.Min(stream.Start, span.Length)..];
        var end = rest.IndexOf("endstream"u8);
        end = end < 0 ? rest.IndexOf("endobj"u8) : end;
        end = end < 0 ? rest.Length : end;
        parsedBytes += end;
        // The line end before the word is not the stream's.
        end -= end > 0 && rest[end - 1] == '\n' ? 1 : 0;
        end -= end > 0 && rest[end - 1] == '\r' ? 1 : 0;
        return bytes.Slice(Math.Min(stream.Start, span.Length), end);
    }

    private static bool EndsAt(ReadOnlySpan<byte> span, int at)
    {
        while (at < span.Length && PdfLexer.IsWhite(span[at]))
        {
            at++;
        }

        return span[at..].StartsWith("endstream"u8) || span[at..].StartsWith("endobj"u8);
    }
}
