using System.Text;

namespace Pybo.Tests.Rag.Documents.Pdf;

/// <summary>The other side of the LZWDecode filter.</summary>
internal sealed class LzwEncoder(int earlyChange)
{
    private const int Clear = 256;
    private const int EndOfData = 257;
    private const int TableFull = 4_094;

    private readonly Dictionary<string, int> codes = new(StringComparer.Ordinal);
    private readonly StringBuilder bits = new();

    // The reader knows a code one step later than the writer: this is how many it knows.
    private int known = EndOfData + 1;
    private bool isFirst = true;

    public static byte[] Encode(byte[] plain, int earlyChange) => new LzwEncoder(earlyChange).Encode(plain);

    private byte[] Encode(byte[] plain)
    {
        Restart();
        var text = "";
        foreach (var value in plain)
        {
            var longer = text + (char)value;
            if (longer.Length == 1 || codes.ContainsKey(longer))
            {
                text = longer;
                continue;
            }

            Put(text);
            codes.Add(longer, EndOfData + 1 + codes.Count);
            text = longer[^1..];
            if (EndOfData + 1 + codes.Count == TableFull)
            {
                Put(text);
                Restart();
                text = "";
            }
        }

        Put(text);
        PutCode(EndOfData);
        bits.Append('0', (8 - bits.Length % 8) % 8);
        return [.. Enumerable.Range(0, bits.Length / 8).Select(at => Convert.ToByte(bits.ToString(at * 8, 8), 2))];
    }

    private void Restart()
    {
        PutCode(Clear);
        codes.Clear();
        known = EndOfData + 1;
        isFirst = true;
    }

    private void Put(string text)
    {
        if (text.Length == 0)
        {
            return;
        }

        PutCode(text.Length == 1 ? text[0] : codes[text]);
        known += isFirst ? 0 : 1;
        isFirst = false;
    }

    private void PutCode(int code)
    {
        var width = (known + earlyChange) switch { >= 2_048 => 12, >= 1_024 => 11, >= 512 => 10, _ => 9 };
        bits.Append(Convert.ToString(code, 2).PadLeft(width, '0'));
    }
}
