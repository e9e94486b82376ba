namespace Pybo.Rag.Inference;

/// <summary>An id with its logit in 64 bits that sort by rank: the largest logit first, then the lowest id.</summary>
internal readonly struct LogitKey(int id, float logit) : IComparable<LogitKey>
{
    private readonly ulong bits = ((ulong)~Rising(logit) << 32) | (uint)id;

    public int Id => (int)(uint)bits;

    public float Logit
    {
        get
        {
            var rising = ~(uint)(bits >> 32);
            return BitConverter.UInt32BitsToSingle((rising & Sign) != 0 ? rising ^ Sign : ~rising);
        }
    }

    private const uint Sign = 0x8000_0000;

    public int CompareTo(LogitKey other) => bits.CompareTo(other.bits);

    /// <summary>Maps a float's bits so that they sort like the float. Both zeros become one, as in a comparison.</summary>
    private static uint Rising(float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(value + 0f); // -0 + 0 = 0
        return (bits & Sign) != 0 ? ~bits : bits | Sign;
    }
}
