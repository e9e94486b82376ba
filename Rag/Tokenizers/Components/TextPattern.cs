using System.Text.RegularExpressions;

namespace Pybo.Rag.Tokenizers;

/// <summary>A component's "pattern": a literal, or a regular expression, read as a .NET one.</summary>
internal sealed class TextPattern
{
    /// <summary>A pattern that takes longer on one text is treated as an attack.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    private readonly string? literal;
    private readonly Regex? expression;

    private TextPattern(string? literal, Regex? expression) => (this.literal, this.expression) = (literal, expression);

    /// <exception cref="InvalidDataException">The literal is empty, so it would match everywhere.</exception>
    public static TextPattern Literal(string text) => text.Length > 0
        ? new TextPattern(text, null)
        : throw new InvalidDataException("a pattern is an empty text");

    /// <exception cref="InvalidDataException">It is not a regular expression.</exception>
    public static TextPattern Expression(string expression)
    {
        try
        {
            return new TextPattern(null, new Regex(expression, RegexOptions.CultureInvariant, Timeout));
        }
        catch (ArgumentException e)
        {
            throw new InvalidDataException($"the pattern \"{expression}\" is no regular expression: {e.Message}", e);
        }
    }

    public bool IsMatch(ReadOnlySpan<char> text) => literal is null ? expression!.IsMatch(text) : text.Contains(literal, StringComparison.Ordinal);

    /// <summary>Returns the matches from left to right, without overlaps.</summary>
    public Enumerator Matches(ReadOnlySpan<char> text) => new(this, text);

    /// <summary>Replaces every match with <paramref name="content"/>, taken literally.</summary>
    public string Replace(string text, string content) => literal is null
        ? expression!.Replace(text, _ => content) // a replacement string would treat "$1" in the content as a group
        : text.Replace(literal, content, StringComparison.Ordinal);

    public ref struct Enumerator(TextPattern pattern, ReadOnlySpan<char> text)
    {
        private readonly ReadOnlySpan<char> text = text;
        private readonly string? literal = pattern.literal;
        private Regex.ValueMatchEnumerator matches = pattern.expression is null ? default : pattern.expression.EnumerateMatches(text);

        public (int Start, int End) Current { get; private set; }

        public readonly Enumerator GetEnumerator() => this;

        public bool MoveNext()
        {
            while (literal is null && matches.MoveNext())
            {
                // An expression matches surrogates one by one; extend a match to whole pairs.
                var start = Math.Max(Whole(matches.Current.Index), Current.End);
                var end = Whole(matches.Current.Index + matches.Current.Length);
                if (end > start || matches.Current.Length == 0)
                {
                    Current = (start, end);
                    return true;
                }
            }
            if (literal is null)
            {
                return false;
            }
            var next = text[Current.End..].IndexOf(literal, StringComparison.Ordinal);
            Current = next < 0 ? Current : (Current.End + next, Current.End + next + literal.Length);
            return next >= 0;
        }

        /// <summary>Returns the first index from here on that does not split a surrogate pair.</summary>
        private readonly int Whole(int place) =>
            place > 0 && place < text.Length && char.IsSurrogatePair(text[place - 1], text[place]) ? place + 1 : place;
    }
}
