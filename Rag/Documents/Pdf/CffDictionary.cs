namespace Pybo.Rag.Documents.Pdf;

/// <summary>A DICT of a CFF font: the operands before each operator.</summary>
internal static class CffDictionary
{
    /// <summary>The last operand of each operator as a whole number; two-byte operators count from 0x0C00. Real numbers, which no offset is, read as zero.</summary>
    public static Dictionary<int, int> Read(FontBytes bytes)
    {
        var entries = new Dictionary<int, int>();
        var operand = 0;
        for (var at = 0; at < bytes.Length;)
        {
            var value = bytes.UInt8(at++);
            switch (value)
            {
                case 12:
                    entries[0x0C00 + bytes.UInt8(at++)] = operand;
                    operand = 0;
                    break;
                case <= 21:
                    entries[value] = operand;
                    operand = 0;
                    break;
                case 28:
                    operand = bytes.Int16(at);
                    at += 2;
                    break;
                case 29:
                    operand = (int)bytes.UInt32(at);
                    at += 4;
                    break;
                case 30:
                    at = RealEnd(bytes, at);
                    operand = 0;
                    break;
                case >= 32 and <= 246:
                    operand = value - 139;
                    break;
                case >= 247 and <= 250:
                    operand = ((value - 247) * 256) + bytes.UInt8(at++) + 108;
                    break;
                case >= 251 and <= 254:
                    operand = -((value - 251) * 256) - bytes.UInt8(at++) - 108;
                    break;
            }
        }

        return entries;
    }

    // Two digits a byte; the digit 15 ends the number.
    private static int RealEnd(FontBytes bytes, int at)
    {
        while (at < bytes.Length && bytes.UInt8(at) is var digits && (digits & 0xF) != 0xF && digits >> 4 != 0xF)
        {
            at++;
        }

        return at + 1;
    }
}
