using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Pybo.Rag.Tokenizers;

/// <summary>
/// Reads a <c>vocab.txt</c>, one piece per line, as a BERT tokenizer, its most common use. The settings that a tokenizer.json would add to the
/// vocabulary come from the <c>tokenizer_config.json</c> next to it, or are BERT's own.
/// </summary>
internal static partial class BertVocabularyFile
{
    public const string Name = "vocab.txt";

    /// <param name="vocabulary">The file's bytes. If a piece is on two lines the later one counts, as in the reference implementation.</param>
    /// <param name="configuration">The settings' bytes; empty if there are none.</param>
    /// <exception cref="InvalidDataException">A special token is missing, or the files belong to another kind of tokenizer.</exception>
    public static TokenizerParts Read(ReadOnlySpan<byte> vocabulary, ReadOnlyMemory<byte> configuration)
    {
        using var json = JsonDocument.Parse(configuration.IsEmpty ? "{}"u8.ToArray() : configuration);
        var settings = json.RootElement;
        if (Setting(settings, "tokenizer_class") is { ValueKind: JsonValueKind.String } name && !BertClass().IsMatch(name.GetString()!))
        {
            throw new InvalidDataException($"{TokenizerFile.SettingsName} says \"{name.GetString()}\": {Name} can be read only for the tokenizer of BERT, others need a tokenizer.json");
        }

        var pieces = Pieces(Encoding.UTF8.GetString(vocabulary));
        var model = WordPieceReader.Create(pieces, Special(settings, "unk_token", WordPieceReader.DefaultUnknown));
        var (cls, sep) = (Special(settings, "cls_token", "[CLS]"), Special(settings, "sep_token", "[SEP]"));
        string[] others = [Special(settings, "pad_token", "[PAD]"), Special(settings, "mask_token", "[MASK]")];
        var normalization = new BertNormalization(
            CleanText: true,
            HandleChineseCharacters: Flag(settings, "tokenize_chinese_chars") ?? true,
            StripAccents: Flag(settings, "strip_accents"),
            Lowercase: Flag(settings, "do_lower_case") ?? true);
        return new TokenizerParts(
            [
                .. new[] { cls, sep, model.IdToToken(model.UnknownId!.Value)! }.Concat(others.Where(text => pieces.Find(text) != Vocabulary.NoPiece))
                    .Select(text => new AddedToken(Id(pieces, text), text, SingleWord: false, LeftStrip: false, RightStrip: false, Normalized: false, Special: true)),
            ],
            [new CharacterMapNormalizer(normalization.Map)],
            [new CharacterKindPreTokenizer(CharacterKinds.Bert)],
            model,
            new PostProcessor([new SpecialToken(Id(pieces, cls), cls)], [new SpecialToken(Id(pieces, sep), sep)]),
            [new WordPieceDecoder(WordPieceReader.DefaultPrefix, cleansUp: true)]);
    }

    private static Vocabulary Pieces(string text)
    {
        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (line, piece) in text.TrimStart('\uFEFF').Split('\n').Select(line => line.TrimEnd()).Index())
        {
            if (piece.Length > 0)
            {
                ids[piece] = line;
            }
        }
        var vocabulary = new Vocabulary();
        foreach (var (piece, id) in ids)
        {
            vocabulary.Add(Encoding.UTF8.GetBytes(piece), id);
        }
        return vocabulary;
    }

    private static int Id(Vocabulary pieces, string special) => pieces.Find(special) is var id && id != Vocabulary.NoPiece
        ? id
        : throw new InvalidDataException($"the special token \"{special}\" is not in the vocabulary");

    /// <summary>Special tokens are written as a text or as an object with its "content".</summary>
    private static string Special(JsonElement settings, string name, string byDefault) => Setting(settings, name) switch
    {
        null => byDefault,
        { ValueKind: JsonValueKind.Object } token when token.TryGetProperty("content", out var content) => content.GetString()!,
        { } text => text.GetString()!,
    };

    private static bool? Flag(JsonElement settings, string name) => Setting(settings, name)?.GetBoolean();

    private static JsonElement? Setting(JsonElement settings, string name) =>
        settings.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    [GeneratedRegex("^(Bert|DistilBert|Electra|ConvBert|MobileBert)Tokenizer(Fast)?$")]
    private static partial Regex BertClass();
}
