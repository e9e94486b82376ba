using System.Text;

namespace Pybo.Rag.Tokenizers;

/// <summary>The "Fuse" decoder: joins all tokens into one, for a following decoder that needs the whole text. It holds back everything.</summary>
/// <remarks>
/// As the last decoder it changes nothing and is omitted; before a "Strip" it is omitted too, because that one can process the whole itself. This
/// allows text to be shown while it is generated.
/// </remarks>
internal sealed class FuseDecoder : TokenDecoder
{
    /// <summary>Returns the same decoders with as few of these as possible.</summary>
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
