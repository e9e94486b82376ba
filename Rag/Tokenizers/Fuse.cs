using System.Text;

namespace Pybo.Rag.Tokenizers;

/// <summary>The "Fuse" decoder: all tokens become one, for a decoder behind it that looks at the whole text. It holds back everything.</summary>
/// <remarks>As the last decoder it changes nothing and is left out, so that text can be shown while it is generated.</remarks>
internal sealed class FuseDecoder : TokenDecoder
{
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
