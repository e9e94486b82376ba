namespace Pybo.Rag.Tokenizers;

/// <summary>The "Strip" decoder: removes up to a given number of one character from the start and from the end of every token.</summary>
/// <example>' ', 1, 0: " 질문" → "질문".</example>
internal sealed class StripDecoder(char stripped, int startMax, int endMax) : SingleTokenDecoder
{
    public override string Decode(string token, int index)
    {
        var begin = CountAtStart(token, startMax);
        return token[begin..^CountAtEnd(token.AsSpan(begin))];
    }

    /// <summary>Strips all tokens as one joined text, and passes them on as they arrive.</summary>
    public TokenDecoder OfWhole() => new Whole(this, startMax);

    private int CountAtStart(ReadOnlySpan<char> text, int max)
    {
        var other = text.IndexOfAnyExcept(stripped);
        return Math.Min(max, other < 0 ? text.Length : other);
    }

    private int CountAtEnd(ReadOnlySpan<char> text) => Math.Min(endMax, text.Length - 1 - text.LastIndexOfAnyExcept(stripped));

    private sealed class Whole(StripDecoder strip, int startMax) : TokenDecoder
    {
        public override DecodingStep Start(DecodingStep next) => new Step(strip, startMax, next);
    }

    private sealed class Step(StripDecoder strip, int startMax, DecodingStep next) : DecodingStep
    {
        private int startTaken;
        private string held = string.Empty;

        public override void Push(string token)
        {
            var begin = strip.CountAtStart(token, startMax - startTaken);
            startTaken = begin == token.Length ? startTaken + begin : startMax;
            var text = held + token[begin..];
            var end = text.Length - strip.CountAtEnd(text);
            held = text[end..];
            next.Push(text[..end]);
        }

        public override void Flush()
        {
            (startTaken, held) = (0, string.Empty);
            next.Flush();
        }
    }
}
