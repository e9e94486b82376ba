using System.Text.Json;

namespace Pybo.Rag.Tokenizers;

/// <summary>
/// Finds a folder's tokenizer, and reads and checks a <c>tokenizer.json</c>: the vocabulary token by token, the small rest as elements. From
/// tokenizer_config.json it takes only what a <c>vocab.txt</c> or a <c>tokenizer.model</c> leaves open.
/// </summary>
internal static class TokenizerFile
{
    public const string Name = "tokenizer.json";
    public const string SettingsName = "tokenizer_config.json";

    private const int FileBytesMax = 256 << 20;
    private const int BlockBytes = 1 << 16;
    private const string Advice = "Download the model's folder again, or choose a model that README.md names.";

    /// <param name="path">A file, or its folder.</param>
    public static ModelVocabulary Load(string path)
    {
        try
        {
            var file = Directory.Exists(path) ? FileOf(path) : path;
            using var stream = File.OpenRead(file);
            var settings = ReadSettings(file);
            return Path.GetFileName(file) switch
            {
                BertVocabularyFile.Name => Explained(file, stream, bytes => new HuggingFaceVocabulary(Checked(BertVocabularyFile.Read(bytes.Span, settings)))),
                SentencePieceVocabulary.FileName => Explained(file, stream, bytes => new SentencePieceVocabulary(bytes.Span, settings)),
                _ => Load(stream, file),
            };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataException($"{path}: cannot be read ({e.Message}). {Advice}", e);
        }
    }

    public static ModelVocabulary Load(Stream stream) => Load(stream, Name);

    public static IEnumerable<string> FilesOf(string file) => SettingsOf(file) is { } settings ? [file, settings] : [file];

    private static ModelVocabulary Load(Stream stream, string name) => Explained(name, stream, bytes => new HuggingFaceVocabulary(Read(bytes)));

    private static string FileOf(string folder) => ModelVocabulary.FileNames
        .Select(name => Path.Combine(folder, name))
        .FirstOrDefault(File.Exists) ?? throw new InvalidDataException($"{folder}: has none of {string.Join(", ", ModelVocabulary.FileNames)}. {Advice}");

    /// <summary>A tokenizer.json needs no other settings.</summary>
    private static string? SettingsOf(string file) =>
        Path.GetFileName(file) is BertVocabularyFile.Name or SentencePieceVocabulary.FileName
        && Path.Combine(Path.GetDirectoryName(file) ?? string.Empty, SettingsName) is var settings && File.Exists(settings) ? settings : null;

    private static ReadOnlyMemory<byte> ReadSettings(string file)
    {
        if (SettingsOf(file) is not { } settings)
        {
            return default;
        }
        using var stream = File.OpenRead(settings);
        return ReadToEnd(stream, settings);
    }

    /// <summary>Adds the file's name and a remedy to the errors of an unusable file.</summary>
    private static ModelVocabulary Explained(string name, Stream stream, Func<ReadOnlyMemory<byte>, ModelVocabulary> read)
    {
        var bytes = ReadToEnd(stream, name);
        try
        {
            return read(bytes);
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{name}: not JSON, or cut short ({e.Message}). {Advice}", e);
        }
        catch (Exception e) when (e is InvalidDataException or InvalidOperationException or FormatException or ArgumentException)
        {
            // The JSON readers report a wrong kind of value with the last three.
            throw new InvalidDataException($"{name}: not a tokenizer this program can use: {e.Message}. {Advice}", e);
        }
    }

    private static TokenizerParts Read(ReadOnlyMemory<byte> bytes)
    {
        IReadOnlyList<AddedToken> added = [];
        IReadOnlyList<Normalizer> normalizers = [];
        IReadOnlyList<PreTokenizer> preTokenizers = [];
        IReadOnlyList<TokenDecoder> decoders = [];
        PostProcessor? postProcessor = null;
        TokenizerModel? model = null;
        var reader = new Utf8JsonReader(WithoutMark(bytes.Span));
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
                    decoders = [.. FuseDecoder.Reduce([.. TokenizerComponents.Decoders(JsonElement.ParseValue(ref reader))])];
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
        return Checked(new TokenizerParts(added, normalizers, preTokenizers, model, postProcessor, decoders));
    }

    /// <summary>Returns the "type" of the reader's current object, which may follow a long vocabulary. Reads on a copy, so the caller's reader does
    /// not move.</summary>
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

    /// <summary>An id with two texts, or a text with two ids, would give the model text that was never written.</summary>
    private static TokenizerParts Checked(TokenizerParts parts)
    {
        var (ids, texts) = (new HashSet<int>(), new HashSet<string>(StringComparer.Ordinal));
        foreach (var token in parts.AddedTokens)
        {
            if (token.Id < 0 || !ids.Add(token.Id) || !texts.Add(token.Content)
                || (parts.Model.IdToToken(token.Id) is { } piece && piece != token.Content)
                || (parts.Model.TokenToId(token.Content) is { } id && id != token.Id))
            {
                throw new InvalidDataException($"the added token \"{token.Content}\" claims id {token.Id}, which has another text, or its text another id");
            }
        }
        foreach (var special in parts.PostProcessor is { } around ? around.Before.Concat(around.After) : [])
        {
            if (parts.Model.IdToToken(special.Id) is null && !ids.Contains(special.Id))
            {
                throw new InvalidDataException($"the post_processor writes id {special.Id}, which is not in the vocabulary");
            }
        }
        return parts;
    }

    private static ReadOnlySpan<byte> WithoutMark(ReadOnlySpan<byte> bytes) => bytes.StartsWith("\uFEFF"u8) ? bytes[3..] : bytes;

    private static ReadOnlyMemory<byte> ReadToEnd(Stream stream, string name)
    {
        // Reading one byte more than the file's length proves that it has ended.
        var bytes = new byte[stream.CanSeek ? Math.Min(stream.Length - stream.Position, FileBytesMax) + 1 : BlockBytes];
        var used = 0;
        for (int read; (read = stream.Read(bytes, used, bytes.Length - used)) > 0;)
        {
            used += read;
            if (used > FileBytesMax)
            {
                throw new InvalidDataException($"{name}: larger than {FileBytesMax >> 20} MB, so it is no tokenizer. {Advice}");
            }
            if (used == bytes.Length)
            {
                Array.Resize(ref bytes, bytes.Length * 2);
            }
        }
        return bytes.AsMemory(0, used);
    }
}
