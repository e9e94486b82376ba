namespace Pybo.Rag.Documents.Pdf;

/// <summary>Undoes the prediction that makes rows of samples compress better (ISO 32000-2, 7.4.4.4).</summary>
/// <param name="Predictor">1 none, 2 TIFF, from 10 on PNG, where each row names its own.</param>
internal readonly record struct PdfPredictor(int Predictor, int Colors, int BitsPerComponent, int Columns)
{
    private const int ColorsMax = 32;

    /// <summary>A row of an image of 60,000 pixels in four colours of 16 bits.</summary>
    private const int RowBytesMax = 1 << 20;

    public bool IsNeeded => Predictor > 1;

    /// <summary>False where the parameters make no sense: nothing can be read with them.</summary>
    public bool IsValid => Colors is >= 1 and <= ColorsMax && BitsPerComponent is 1 or 2 or 4 or 8 or 16 && Columns >= 1 && RowBits <= RowBytesMax * 8L;

    private long RowBits => (long)Colors * BitsPerComponent * Columns;

    private int RowBytes => (int)((RowBits + 7) / 8);

    /// <summary>A sample is predicted by the one this many bytes before it.</summary>
    private int PixelBytes => Math.Max(1, Colors * BitsPerComponent / 8);

    public void Decode(ReadOnlySpan<byte> source, PdfBuffer output)
    {
        var tagBytes = Predictor >= 10 ? 1 : 0;
        var above = new byte[RowBytes];
        var row = new byte[RowBytes];
        while (source.Length > tagBytes && !output.IsFull)
        {
            var length = Math.Min(RowBytes, source.Length - tagBytes);
            source.Slice(tagBytes, length).CopyTo(row);
            row.AsSpan(length).Clear();
            if (Predictor == 2)
            {
                UndoTiff(row);
            }
            else
            {
                UndoPng(source[0], row, above);
            }

            output.Append(row.AsSpan(0, length));
            (above, row) = (row, above);
            source = source[(tagBytes + length)..];
        }
    }

    private void UndoPng(byte kind, Span<byte> row, ReadOnlySpan<byte> above)
    {
        var pixel = PixelBytes;
        switch (kind)
        {
            case 1:
                for (var at = pixel; at < row.Length; at++)
                {
                    row[at] += row[at - pixel];
                }

                break;
            case 2:
                for (var at = 0; at < row.Length; at++)
                {
                    row[at] += above[at];
                }

                break;
            case 3:
                for (var at = 0; at < row.Length; at++)
                {
                    row[at] += (byte)(((at < pixel ? 0 : row[at - pixel]) + above[at]) / 2);
                }

                break;
            case 4:
                for (var at = 0; at < row.Length; at++)
                {
                    row[at] += at < pixel ? above[at] : Paeth(row[at - pixel], above[at], above[at - pixel]);
                }

                break;
        }
    }

    private static byte Paeth(int left, int above, int corner)
    {
        var (toLeft, toAbove, toCorner) = (Math.Abs(above - corner), Math.Abs(left - corner), Math.Abs(left + above - 2 * corner));
        return (byte)(toLeft <= toAbove && toLeft <= toCorner ? left : toAbove <= toCorner ? above : corner);
    }

    private void UndoTiff(Span<byte> row)
    {
        switch (BitsPerComponent)
        {
            case 8:
                for (var at = Colors; at < row.Length; at++)
                {
                    row[at] += row[at - Colors];
                }

                break;
            case 16:
                for (var at = 2 * Colors; at + 1 < row.Length; at += 2)
                {
                    var sum = ((row[at] << 8) | row[at + 1]) + ((row[at - 2 * Colors] << 8) | row[at - 2 * Colors + 1]);
                    (row[at], row[at + 1]) = ((byte)(sum >> 8), (byte)sum);
                }

                break;
            default:
                UndoTiffBits(row);
                break;
        }
    }

    private void UndoTiffBits(Span<byte> row)
    {
        var mask = (1 << BitsPerComponent) - 1;
        var perByte = 8 / BitsPerComponent;
        for (var sample = Colors; sample < row.Length * perByte; sample++)
        {
            var before = sample - Colors;
            var shift = 8 - BitsPerComponent * (sample % perByte + 1);
            var value = row[sample / perByte] >> shift;
            var left = row[before / perByte] >> (8 - BitsPerComponent * (before % perByte + 1));
            row[sample / perByte] = (byte)((row[sample / perByte] & ~(mask << shift)) | (((value + left) & mask) << shift));
        }
    }
}
