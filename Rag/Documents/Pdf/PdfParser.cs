namespace Pybo.Rag.Documents.Pdf;

/// <summary>Builds values of the lexer's tokens. Broken syntax gives what could be read: a missing bracket ends at the next <c>endobj</c> or with the bytes.</summary>
/// <param name="cipher">Decrypts the strings; null where they are not encrypted.</param>
internal sealed class PdfParser(PdfLexer lexer, PdfObjectCipher? cipher = null)
{
    /// <summary>How much was built so far, in values; see <see cref="PdfLimits.ItemsMax"/>.</summary>
    public int Items { get; private set; }

    public PdfLexer Lexer => lexer;

    /// <summary>Counts from nothing again: what was built so far is no longer held.</summary>
    public void Restart() => Items = 0;

    /// <summary>The next value; null at the end of the bytes, and at a keyword, closing bracket or other token that begins none.</summary>
    public PdfObject? ReadObject() => Build(lexer.Read(), 0);

    /// <summary>The value that begins with the token that the lexer has just read.</summary>
    public PdfObject? Build(PdfToken token) => Build(token, 0);

    private PdfObject? Build(PdfToken token, int depth)
    {
        Items++;
        switch (token)
        {
            case PdfToken.Number:
                return BuildNumber();
            case PdfToken.String:
                Items += lexer.Text.Length / PdfLimits.StringBytesPerItem;
                return new PdfString(cipher is null ? lexer.Text : cipher.DecryptString(lexer.Text.Span));
            case PdfToken.Name:
                return lexer.Name;
            case PdfToken.ArrayStart or PdfToken.DictionaryStart when depth >= PdfLimits.NestingMax || Items > PdfLimits.ItemsMax:
                SkipNested();
                return PdfNull.Instance;
            case PdfToken.ArrayStart:
                return BuildArray(depth);
            case PdfToken.DictionaryStart:
                return BuildDictionary(depth);
            case PdfToken.Keyword:
                return BuildKeyword();
            default:
                return null;
        }
    }

    private PdfObject BuildNumber()
    {
        var value = lexer.Number;
        if (lexer.IsNatural && value <= PdfLimits.ObjectNumberMax && lexer.TryReadReference() is >= 0 and var generation)
        {
            return new PdfReference((int)value, generation);
        }

        return PdfNumber.Of(value);
    }

    private PdfObject? BuildKeyword() => lexer.Word switch
    {
        [(byte)'t', (byte)'r', (byte)'u', (byte)'e'] => PdfBoolean.True,
        [(byte)'f', (byte)'a', (byte)'l', (byte)'s', (byte)'e'] => PdfBoolean.False,
        [(byte)'n', (byte)'u', (byte)'l', (byte)'l'] => PdfNull.Instance,
        _ => null,
    };

    private PdfArray BuildArray(int depth)
    {
        var items = new List<PdfObject>();
        while (true)
        {
            var before = lexer.Position;
            var token = lexer.Read();
            if (token is PdfToken.End or PdfToken.ArrayEnd || EndsObject(token))
            {
                break;
            }

            if (token == PdfToken.DictionaryEnd)
            {
                // The bracket is missing: the dictionary around the array ends here.
                lexer.Position = before;
                break;
            }

            if (Build(token, depth + 1) is { } item && Items <= PdfLimits.ItemsMax)
            {
                items.Add(item);
            }
        }

        return items.Count == 0 ? PdfArray.Empty : new(items.ToArray());
    }

    private PdfDictionary BuildDictionary(int depth)
    {
        var entries = new Dictionary<string, PdfObject>(StringComparer.Ordinal);
        string? key = null;
        while (true)
        {
            var token = lexer.Read();
            if (token is PdfToken.End or PdfToken.DictionaryEnd || EndsObject(token))
            {
                break;
            }

            if (key is null)
            {
                // Values without a key are skipped.
                key = token == PdfToken.Name ? lexer.Name.Value : null;
                Skip(token, depth);
                continue;
            }

            if (Build(token, depth + 1) is { } value && Items <= PdfLimits.ItemsMax)
            {
                entries.TryAdd(key, value);
            }

            key = null;
        }

        return new(entries);
    }

    private void Skip(PdfToken token, int depth)
    {
        if (token is PdfToken.ArrayStart or PdfToken.DictionaryStart)
        {
            Build(token, depth + 1);
        }
    }

    // These words within brackets: the closing bracket is missing, and what follows is no part of the value. The token stays to be read.
    private bool EndsObject(PdfToken token)
    {
        if (token != PdfToken.Keyword)
        {
            return false;
        }

        var word = lexer.Word;
        var ends = word.SequenceEqual("endobj"u8) || word.SequenceEqual("stream"u8) || word.SequenceEqual("endstream"u8)
            || word.SequenceEqual("TJ"u8) || word.SequenceEqual("ET"u8);
        lexer.Position -= ends ? word.Length : 0;
        return ends;
    }

    // Brackets that are too deep or too many are passed over by counting them: no recursion, and each byte is read once.
    private void SkipNested()
    {
        for (var open = 1; open > 0;)
        {
            var token = lexer.Read();
            if (token == PdfToken.End || EndsObject(token))
            {
                return;
            }

            open += token switch
            {
                PdfToken.ArrayStart or PdfToken.DictionaryStart => 1,
                PdfToken.ArrayEnd or PdfToken.DictionaryEnd => -1,
                _ => 0,
            };
        }
    }
}
