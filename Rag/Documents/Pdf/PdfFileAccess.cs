namespace Pybo.Rag.Documents.Pdf;

/// <summary>Entries of dictionaries by the type that is expected: references are followed, and anything else counts as missing.</summary>
internal static class PdfFileAccess
{
    extension(PdfFile file)
    {
        /// <summary>The dictionary, or a stream's own one; null where there is none.</summary>
        public PdfDictionary? Dictionary(PdfDictionary owner, string name) => file.Dictionary(owner[name]);

        public PdfDictionary? Dictionary(PdfObject? value) => file.Resolve(value) switch
        {
            PdfDictionary dictionary => dictionary,
            PdfStream stream => stream.Dictionary,
            _ => null,
        };

        public PdfStream? Stream(PdfDictionary owner, string name) => file.Stream(owner[name]);

        public PdfStream? Stream(PdfObject? value) => file.Resolve(value) as PdfStream;

        public IReadOnlyList<PdfObject>? Array(PdfDictionary owner, string name) => file.Array(owner[name]);

        /// <summary>The items as they stand there, possibly references.</summary>
        public IReadOnlyList<PdfObject>? Array(PdfObject? value) => (file.Resolve(value) as PdfArray)?.Items;

        public double? Number(PdfDictionary owner, string name) => file.Number(owner[name]);

        public double? Number(PdfObject? value) => (file.Resolve(value) as PdfNumber)?.Value;

        public int? Integer(PdfDictionary owner, string name) => file.Integer(owner[name]);

        /// <summary>The number cut towards zero and to the range of an <see cref="int"/>.</summary>
        public int? Integer(PdfObject? value) => (file.Resolve(value) as PdfNumber)?.Integer;

        public bool? Boolean(PdfDictionary owner, string name) => (file.Resolve(owner[name]) as PdfBoolean)?.Value;

        public string? Name(PdfDictionary owner, string name) => file.Name(owner[name]);

        public string? Name(PdfObject? value) => (file.Resolve(value) as PdfName)?.Value;

        public ReadOnlyMemory<byte>? String(PdfDictionary owner, string name) => file.String(owner[name]);

        public ReadOnlyMemory<byte>? String(PdfObject? value) => (file.Resolve(value) as PdfString)?.Bytes;
    }
}
