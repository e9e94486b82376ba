using System.Text.Json;

namespace Pybo.Rag.Tokenizers;

/// <summary>
/// Reads and checks a <c>tokenizer.json</c>. The vocabulary is read token by token, the small rest as elements.
/// It does not look at tokenizer_config.json, and does not read vocabularies in other formats.
/// </summary>
internal static class TokenizerFile
{
    private const long FileBytesMax = 256L << 20;
    private const string Advice = "Download the model's folder again, or choose a model that README.md names.";

    public static TokenizerParts Read(string path)
    {
        try
        {
            using var stream = File.OpenRead(path);
            return Read(stream, path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataException($"{path}: cannot be read ({e.Message}). {Advice}", e);
        }
    }

    public static TokenizerParts Read(Stream stream) => Read(stream, "tokenizer.json");

    private static TokenizerParts Read(Stream stream, string name)
    {
        var bytes = ReadToEnd(stream, name);
        try
        {
            return Read(bytes);
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{name}: not JSON, or cut short ({e.Message}). {Advice}", e);
        }
        catch (Exception e) when (e is InvalidDataException or InvalidOperationException or FormatException or ArgumentException)
        {
            // The JSON readers say "wrong kind of value" with the last three.
            throw new InvalidDataException($"{name}: not a tokenizer this program can use: {e.Message}. {Advice}", e);
        }
    }

    private static TokenizerParts Read(ReadOnlySpan<byte> bytes)
    {
        IReadOnlyList<AddedToken> added = [];
        IReadOnlyList<Normalizer> normalizers = [];
        IReadOnlyList<PreTokenizer> preTokenizers = [];
        IReadOnlyList<TokenDecoder> decoders = [];
        PostProcessor? postProcessor = null;
        TokenizerModel? model = null;
        var reader = new Utf8JsonReader(WithoutMark(bytes));
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new InvalidDataException("it is not an object");
        }
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var section = reader.GetString();
            reader.Read();
            if (reader.TokenType == JsonTokenType.Null)
            {
                continue;
            }
            switch (section)
            {
                case "added_tokens":
                    added = TokenizerComponents.AddedTokens(JsonElement.ParseValue(ref reader));
                    break;
                case "normalizer":
                    normalizers = [.. TokenizerComponents.Normalizers(JsonElement.ParseValue(ref reader))];
                    break;
                case "pre_tokenizer":
                    preTokenizers = [.. TokenizerComponents.PreTokenizers(JsonElement.ParseValue(ref reader))];
                    break;
                case "post_processor":
                    postProcessor = TokenizerComponents.PostProcessor(JsonElement.ParseValue(ref reader));
                    break;
                case "decoder":
                    decoders = WithoutLastFuse([.. TokenizerComponents.Decoders(JsonElement.ParseValue(ref reader))]);
                    break;
                case "model" when reader.TokenType == JsonTokenType.StartObject:
                    model = TokenizerComponents.Model(ref reader, TypeAhead(reader));
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }
        if (model is null)
        {
            throw new InvalidDataException("it has no \"model\", so it is no tokenizer.json");
        }
        CheckIds(added, postProcessor, model);
        return new TokenizerParts(added, normalizers, preTokenizers, model, postProcessor, decoders);
    }

    /// <summary>The "type" of the object the reader stands on, which may come after a long vocabulary. Reads on a copy: the caller's reader stays.</summary>
    private static string? TypeAhead(Utf8JsonReader reader)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isType = reader.ValueTextEquals("type");
            reader.Read();
            if (isType)
            {
                return reader.GetString();
            }
            reader.Skip();
        }
        return null;
    }

    private static IReadOnlyList<TokenDecoder> WithoutLastFuse(IReadOnlyList<TokenDecoder> decoders) =>
        decoders is [.., FuseDecoder] ? [.. decoders.SkipLast(1)] : decoders;

    /// <summary>An id with two texts, or a text with two ids, would make the model see what nobody wrote.</summary>
    private static void CheckIds(IReadOnlyList<AddedToken> added, PostProcessor? postProcessor, TokenizerModel model)
    {
        var ids = new HashSet<int>();
        var texts = new HashSet<string>(StringComparer.Ordinal);
        foreach (var token in added)
        {
            if (token.Id < 0 || !ids.Add(token.Id) || !texts.Add(token.Content)
                || (model.IdToToken(token.Id) is { } piece && piece != token.Content)
                || (model.TokenToId(token.Content) is { } id && id != token.Id))
            {
                throw new InvalidDataException($"the added token \"{token.Content}\" claims id {token.Id}, which has another text, or its text another id");
            }
        }
        foreach (var special in postProcessor is null ? [] : postProcessor.Before.Concat(postProcessor.After))
        {
            if (model.IdToToken(special.Id) is null && !ids.Contains(special.Id))
            {
                throw new InvalidDataException($"the post_processor writes id {special.Id}, which is not in the vocabulary");
            }
        }
    }

    private static ReadOnlySpan<byte> WithoutMark(ReadOnlySpan<byte> bytes) => bytes.StartsWith("\uFEFF"u8) ? bytes[3..] : bytes;

    private static byte[] ReadToEnd(Stream stream, string name)
    {
        var buffer = new MemoryStream(stream.CanSeek ? (int)Math.Min(stream.Length, FileBytesMax) : 0);
        var block = new byte[1 << 16];
        for (int read; (read = stream.Read(block)) > 0;)
        {
            buffer.Write(block.AsSpan(0, read));
            if (buffer.Length > FileBytesMax)
            {
                throw new InvalidDataException($"{name}: larger than {FileBytesMax >> 20} MB, so it is no tokenizer.json. {Advice}");
            }
        }
        return buffer.ToArray();
    }
}
