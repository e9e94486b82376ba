using System.Text;
using System.Text.Json;

namespace Pybo.Rag.Tokenizers;

/// <summary>
/// Creates the stages from their JSON: one switch on "type" for each. A new kind of component is a class in its own file and one line here. An
/// unknown kind is refused by name, never skipped: skipping would change ids silently.
/// </summary>
internal static class TokenizerComponents
{
    private const int SequenceDepthMax = 8;
    private const char DefaultMark = '▁';

    public static IEnumerable<Normalizer> Normalizers(JsonElement json, int depth = 0) => TypeOf(json, "normalizer", depth) switch
    {
        "Sequence" => Items(json, "normalizers").SelectMany(item => Normalizers(item, depth + 1)),
        "BertNormalizer" => [new CharacterMapNormalizer(Bert(json).Map)],
        "Lowercase" => [new CharacterMapNormalizer(CharacterMaps.ToLower)],
        "NFC" => [new UnicodeFormNormalizer(NormalizationForm.FormC)],
        "NFD" => [new UnicodeFormNormalizer(NormalizationForm.FormD)],
        "NFKC" => [new UnicodeFormNormalizer(NormalizationForm.FormKC)],
        "NFKD" => [new UnicodeFormNormalizer(NormalizationForm.FormKD)],
        "Precompiled" => [new PrecompiledNormalizer(Bytes(json, "precompiled_charsmap"))],
        "Prepend" => [new PrependNormalizer(Text(json, "prepend"))],
        "Replace" => [new ReplaceNormalizer(Pattern(json), Text(json, "content"))],
        "Strip" => [new StripNormalizer(Flag(json, "strip_left", byDefault: true), Flag(json, "strip_right", byDefault: true))],
        "StripAccents" => [new CharacterMapNormalizer(CharacterMaps.WithoutMark)],
        var other => throw Unknown("normalizer", other),
    };

    public static IEnumerable<PreTokenizer> PreTokenizers(JsonElement json, int depth = 0) => TypeOf(json, "pre_tokenizer", depth) switch
    {
        "Sequence" => Items(json, "pretokenizers").SelectMany(item => PreTokenizers(item, depth + 1)),
        "BertPreTokenizer" => [new CharacterKindPreTokenizer(CharacterKinds.Bert)],
        "ByteLevel" => ByteLevelPreTokenizer.Row(Flag(json, "add_prefix_space", byDefault: true), Flag(json, "use_regex", byDefault: true)),
        "Digits" => [new CharacterKindPreTokenizer(CharacterKinds.Digits(Flag(json, "individual_digits") ? CharacterKind.Alone : CharacterKind.Other))],
        "Metaspace" => [new MetaspacePreTokenizer(Mark(json), Scheme(json), Flag(json, "split", byDefault: true))],
        "Punctuation" => [new CharacterKindPreTokenizer(CharacterKinds.Punctuation(PunctuationKind(json)))],
        "Split" => [new SplitPreTokenizer(Pattern(json), Behavior(json), Flag(json, "invert"))],
        "Whitespace" => [new CharacterKindPreTokenizer(CharacterKinds.Whitespace)],
        "WhitespaceSplit" => [new CharacterKindPreTokenizer(CharacterKinds.WhitespaceSplit)],
        var other => throw Unknown("pre_tokenizer", other),
    };

    public static IEnumerable<TokenDecoder> Decoders(JsonElement json, int depth = 0) => TypeOf(json, "decoder", depth) switch
    {
        "Sequence" => Items(json, "decoders").SelectMany(item => Decoders(item, depth + 1)),
        "ByteFallback" => [new ByteFallbackDecoder()],
        "ByteLevel" => [new ByteLevelDecoder()],
        "Fuse" => [new FuseDecoder()],
        "Metaspace" => [new MetaspaceDecoder(Mark(json), Scheme(json))],
        "Replace" => [new ReplaceDecoder(Pattern(json), Text(json, "content"))],
        "Strip" => [new StripDecoder(Character(json, "content"), Required(json, "start").GetInt32(), Required(json, "stop").GetInt32())],
        "WordPiece" => [new WordPieceDecoder(Text(json, "prefix"), Flag(json, "cleanup", byDefault: true))],
        var other => throw Unknown("decoder", other),
    };

    public static PostProcessor PostProcessor(JsonElement json, int depth = 0) => TypeOf(json, "post_processor", depth) switch
    {
        "Sequence" => Items(json, "processors").Select(item => PostProcessor(item, depth + 1)).Aggregate(Tokenizers.PostProcessor.None, (inner, outer) => inner.Then(outer)),
        "BertProcessing" => new PostProcessor([Special(json, "cls")], [Special(json, "sep")]),
        "ByteLevel" => Tokenizers.PostProcessor.None with { TrimsOffsets = Flag(json, "trim_offsets", byDefault: true) },
        "RobertaProcessing" => new PostProcessor([Special(json, "cls")], [Special(json, "sep")], Flag(json, "trim_offsets", byDefault: true)),
        "TemplateProcessing" => Template(json),
        var other => throw Unknown("post_processor", other),
    };

    /// <param name="reader">On the opening brace of "model", whose vocabulary is too long for an in-memory document.</param>
    public static TokenizerModel Model(ref Utf8JsonReader reader, string? type) => type switch
    {
        "BPE" => BpeReader.Read(ref reader),
        "Unigram" => UnigramReader.Read(ref reader),
        "WordPiece" => WordPieceReader.Read(ref reader),
        null => throw new InvalidDataException("\"model\" has no \"type\""),
        var other => throw Unknown("model", other),
    };

    public static IReadOnlyList<AddedToken> AddedTokens(JsonElement json) =>
    [
        .. json.EnumerateArray().Select(item => new AddedToken(
            Required(item, "id").GetInt32(),
            Text(item, "content"),
            Flag(item, "single_word"),
            Flag(item, "lstrip"),
            Flag(item, "rstrip"),
            Flag(item, "normalized"),
            Flag(item, "special"))),
    ];

    private static PostProcessor Template(JsonElement json)
    {
        var special = Required(json, "special_tokens");
        List<SpecialToken> before = [], after = [];
        var texts = 0;
        foreach (var item in Items(json, "single"))
        {
            if (item.TryGetProperty("Sequence", out _))
            {
                texts++;
            }
            else
            {
                var token = Required(special, Text(Required(item, "SpecialToken"), "id"));
                var ids = Items(token, "ids").Select(id => id.GetInt32());
                var values = Items(token, "tokens").Select(value => value.GetString()!);
                (texts == 0 ? before : after).AddRange(ids.Zip(values, (id, value) => new SpecialToken(id, value)));
            }
        }
        return texts == 1
            ? new PostProcessor(before, after)
            : throw new InvalidDataException($"the template of the post_processor holds the text {texts} times, not once");
    }

    private static BertNormalization Bert(JsonElement json) => new(
        Flag(json, "clean_text", byDefault: true),
        Flag(json, "handle_chinese_chars", byDefault: true),
        json.TryGetProperty("strip_accents", out var strip) && strip.ValueKind != JsonValueKind.Null ? strip.GetBoolean() : null,
        Flag(json, "lowercase", byDefault: true));

    /// <summary>Written as [text, id].</summary>
    private static SpecialToken Special(JsonElement json, string name) => Items(json, name).ToArray() is [var text, var id]
        ? new SpecialToken(id.GetInt32(), text.GetString()!)
        : throw new InvalidDataException($"\"{name}\" of the post_processor is not a text and an id");

    private static CharacterKind PunctuationKind(JsonElement json) => !json.TryGetProperty("behavior", out var behavior) ? CharacterKind.Alone : behavior.GetString() switch
    {
        "Isolated" => CharacterKind.Alone,
        "Contiguous" => CharacterKind.Other,
        "Removed" => CharacterKind.Dropped,
        var other => throw Unknown("behavior of Punctuation", other),
    };

    private static TextPattern Pattern(JsonElement json)
    {
        var pattern = Required(json, "pattern");
        return pattern.TryGetProperty("String", out _) ? TextPattern.Literal(Text(pattern, "String")) : TextPattern.Expression(Text(pattern, "Regex"));
    }

    private static SplitBehavior Behavior(JsonElement json) => Text(json, "behavior") switch
    {
        "Removed" => SplitBehavior.Removed,
        "Isolated" => SplitBehavior.Isolated,
        "MergedWithPrevious" => SplitBehavior.MergedWithPrevious,
        "MergedWithNext" => SplitBehavior.MergedWithNext,
        "Contiguous" => SplitBehavior.Contiguous,
        var other => throw Unknown("behavior", other),
    };

    private static char Mark(JsonElement json) => json.TryGetProperty("replacement", out _) ? Character(json, "replacement") : DefaultMark;

    private static char Character(JsonElement json, string name) => Text(json, name) is [var single]
        ? single
        : throw new InvalidDataException($"the \"{name}\" of \"{Text(json, "type")}\" must be one character");

    /// <summary>Older files without schemes have "add_prefix_space" instead.</summary>
    private static PrependScheme Scheme(JsonElement json)
    {
        if (!json.TryGetProperty("prepend_scheme", out var scheme))
        {
            return Flag(json, "add_prefix_space", byDefault: true) ? PrependScheme.Always : PrependScheme.Never;
        }
        return scheme.GetString() switch
        {
            "always" => PrependScheme.Always,
            "first" => PrependScheme.First,
            "never" => PrependScheme.Never,
            var other => throw Unknown("prepend_scheme", other),
        };
    }

    private static string? TypeOf(JsonElement json, string stage, int depth) =>
        depth > SequenceDepthMax ? throw new InvalidDataException($"sequences of \"{stage}\" are nested more than {SequenceDepthMax} deep")
        : json.ValueKind != JsonValueKind.Object ? throw new InvalidDataException($"\"{stage}\" is not an object")
        : Required(json, "type").GetString();

    private static JsonElement Required(JsonElement json, string name) => json.TryGetProperty(name, out var value)
        ? value
        : throw new InvalidDataException($"\"{name}\" is missing{(json.TryGetProperty("type", out var type) ? $" in \"{type}\"" : string.Empty)}");

    private static JsonElement.ArrayEnumerator Items(JsonElement json, string name) => Required(json, name).EnumerateArray();

    private static string Text(JsonElement json, string name) => Required(json, name).GetString() ?? throw new InvalidDataException($"\"{name}\" is null");

    private static byte[] Bytes(JsonElement json, string name) => Required(json, name).TryGetBytesFromBase64(out var bytes)
        ? bytes
        : throw new InvalidDataException($"\"{name}\" is not Base64");

    private static bool Flag(JsonElement json, string name, bool byDefault = false) => json.TryGetProperty(name, out var value) ? value.GetBoolean() : byDefault;

    private static InvalidDataException Unknown(string stage, string? type) => new($"the {stage} \"{type}\" is not known to this program");
}
