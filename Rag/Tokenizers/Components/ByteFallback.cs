using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace Pybo.Rag.Tokenizers;

/// <summary>
/// The "ByteFallback" decoder: adjacent tokens "&lt;0xNN&gt;" are the UTF-8 bytes of one text. If they are not valid, each becomes U+FFFD, as in the
/// reference implementation; so a run is held back until it ends.
/// </summary>
/// <example>"&lt;0xEA&gt;", "&lt;0xB0&gt;", "&lt;0x80&gt;", "!" → "가", "!".</example>
internal sealed class ByteFallbackDecoder : TokenDecoder
{
    public override DecodingStep Start(DecodingStep next) => new Step(next);

    private sealed class Step(DecodingStep next) : DecodingStep
    {
        private const string Undecodable = "\uFFFD";

        /// <summary>At most as long as the answer, which its generator limits.</summary>
        private readonly List<byte> run = [];

        public override void Push(string token)
        {
            if (token is ['<', '0', 'x', _, _, '>'] && byte.TryParse(token.AsSpan(3, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
            {
                run.Add(value);
                return;
            }
            EndRun();
            next.Push(token);
        }

        public override void Flush()
        {
            EndRun();
            next.Flush();
        }

        private void EndRun()
        {
            if (run.Count == 0)
            {
                return;
            }
            byte[] bytes = [.. run];
            run.Clear();
            if (Utf8.IsValid(bytes))
            {
                next.Push(Encoding.UTF8.GetString(bytes));
                return;
            }
            foreach (var _ in bytes)
            {
                next.Push(Undecodable);
            }
        }
    }
}
