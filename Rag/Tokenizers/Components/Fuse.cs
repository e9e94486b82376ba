using System.Text;

namespace Pybo.Rag.Tokenizers;

/// <summary>The "Fuse" decoder: all tokens become one, for a decoder behind it that looks at the whole text. It holds back everything.</summary>
/// <remarks>
/// As the last decoder it changes nothing and is left out, and before a "Strip" that one works on the whole by itself: so that text
/// can be shown while it is generated.
/// </remarks>
internal sealed class FuseDecoder : TokenDecoder
{
    /// <summary>The same decoders with as few of these as can be.</summary>
    public static IEnumerable<TokenDecoder> Reduce(IReadOnlyList<TokenDecoder> decoders)
    {
        for (var i = 0; i < decoders.Count; i++)
        {
            if (decoders[i] is not FuseDecoder)
            {
                yield return decoders[i];
            }
            else if (i + 1 < decoders.Count)
            {
                yield return decoders[i + 1] is StripDecoder strip ? strip.OfWhole() : decoders[i];
                i += decoders[i + 1] is StripDecoder ? 1 : 0;
            }
        }
    }

    public override DecodingStep Start(DecodingStep next) => new Step(next);

    private sealed class Step(DecodingStep next) : DecodingStep
    {
        private readonly StringBuilder whole = new();

        public override void Push(string token) => whole.Append(token);

        public override void Flush()
        {
            next.Push(whole.ToString());
            whole.Clear();
            next.Flush();
        }
    }
}
