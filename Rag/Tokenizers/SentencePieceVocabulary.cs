using System.Text.Json;
using Google.Protobuf;
using Microsoft.ML.Tokenizers;
using Pybo.Rag.Tokenizers.SentencePiece;

namespace Pybo.Rag.Tokenizers;

/// <summary>
/// A <c>tokenizer.model</c> of Google's SentencePiece, encoded by the package's own tokenizer. Ids are decoded here, because the package omits every
/// id below the first byte piece: with Gemma, all line feeds.
/// </summary>
/// <remarks>
/// The package lets a text produce any piece of a BPE model, even control tokens. So they are marked as unused before it reads the model, and their
/// text is then encoded as smaller pieces. Schema: github.com/google/sentencepiece, src/sentencepiece_model.proto.
/// </remarks>
internal sealed class SentencePieceVocabulary : ModelVocabulary
{
    public const string FileName = "tokenizer.model";

    private const string Mark = "▁";

    private readonly byte[] model;
    private readonly AddedToken[] added;
    private readonly HashSet<int> controls;
    private readonly string[] pieces;
    private readonly Dictionary<string, int> ids;
    private readonly bool addsStart;
    private readonly bool addsEnd;

    /// <param name="bytes">The file's bytes.</param>
    /// <param name="configuration">The bytes of the tokenizer_config.json next to it; empty if there is none.</param>
    /// <exception cref="InvalidDataException">It is not a SentencePiece model, or of a kind that the package does not read.</exception>
    public SentencePieceVocabulary(ReadOnlySpan<byte> bytes, ReadOnlyMemory<byte> configuration)
    {
        using var json = JsonDocument.Parse(configuration.IsEmpty ? "{}"u8.ToArray() : configuration);
        (addsStart, addsEnd) = (Flag(json.RootElement, "add_bos_token", byDefault: true), Flag(json.RootElement, "add_eos_token", byDefault: false));
        var proto = Parse(bytes);
        pieces = [.. proto.Pieces.Select(piece => piece.Piece)];
        ids = new Dictionary<string, int>(pieces.Length, StringComparer.Ordinal);
        foreach (var (id, piece) in pieces.Index())
        {
            if (piece.Length == 0 || !ids.TryAdd(piece, id))
            {
                throw new InvalidDataException($"the piece \"{piece}\" with id {id} is empty or has another id too");
            }
        }
        added = [.. proto.Pieces.Index().Where(piece => IsAdded(piece.Item.Type)).Select(piece => ToAddedToken(piece.Index, piece.Item))];
        controls = [.. added.Where(token => token.IsControl).Select(token => token.Id)];
        // For a Unigram model the package keeps control tokens out of a text by their type alone.
        var isUnigram = proto.TrainerSpec is not { ModelType: TrainerProto.Types.ModelType.Bpe };
        foreach (var piece in controls.Select(id => proto.Pieces[id]).Where(piece => !isUnigram || piece.Type == PieceProto.Types.Type.UserDefined))
        {
            piece.Type = PieceProto.Types.Type.Unused;
        }
        model = proto.ToByteArray();
        Decoders = DecodersFor(Create(SpecialTokens.None));
    }

    public override int Size => pieces.Length;

    internal override IReadOnlyList<TokenDecoder> Decoders { get; }

    public override Tokenizer TokenizerFor(SpecialTokens special) => Create(special);

    public override int? TokenToId(string token) => ids.TryGetValue(token, out var id) ? id : null;

    public override string? IdToToken(int id) => (uint)id < (uint)pieces.Length ? pieces[id] : null;

    internal override bool IsSpecial(int id) => controls.Contains(id);

    internal override bool IsControl(int id) => controls.Contains(id);

    private static bool IsAdded(PieceProto.Types.Type type) =>
        type is PieceProto.Types.Type.Unknown or PieceProto.Types.Type.Control or PieceProto.Types.Type.UserDefined;

    private static AddedToken ToAddedToken(int id, PieceProto piece) =>
        new(id, piece.Piece, SingleWord: false, LeftStrip: false, RightStrip: false, Normalized: true, Special: piece.Type != PieceProto.Types.Type.UserDefined);

    private static ModelProto Parse(ReadOnlySpan<byte> bytes)
    {
        try
        {
            var proto = ModelProto.Parser.ParseFrom(bytes);
            return proto.Pieces.Count == 0 ? throw new InvalidDataException("it has no pieces")
                : Unreadable(proto) is { } what ? throw new InvalidDataException($"{what}, which cannot be encoded here; a folder with a {TokenizerFile.Name} can")
                : proto;
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new InvalidDataException($"it is not a model of SentencePiece, or cut short ({e.Message})", e);
        }
    }

    /// <summary>Returns a feature that the package would encode differently from SentencePiece, or fail on; null if there is none.</summary>
    private static string? Unreadable(ModelProto proto) => (proto.TrainerSpec ?? new()) switch
    {
        { ModelType: not (TrainerProto.Types.ModelType.Unigram or TrainerProto.Types.ModelType.Bpe) and var type } => $"it is of the type {type}",
        { ModelType: TrainerProto.Types.ModelType.Unigram, ByteFallback: true } => "it is a Unigram model with pieces for bytes",
        { ModelType: TrainerProto.Types.ModelType.Bpe } when proto.NormalizerSpec is { PrecompiledCharsmap.IsEmpty: false } => "it is a BPE model with a table of characters",
        _ => null,
    };

    private static TokenDecoder[] DecodersFor(SentencePieceTokenizer tokenizer)
    {
        var (atStart, atEnd) = tokenizer switch
        {
            { AddDummyPrefix: false } => (0, 0),
            { TreatWhitespaceAsSuffix: true } => (0, 1),
            _ => (1, 0),
        };
        return
        [
            .. tokenizer.EscapeWhiteSpaces ? [new ReplaceDecoder(TextPattern.Literal(Mark), " ")] : Array.Empty<TokenDecoder>(),
            new ByteFallbackDecoder(),
            new StripDecoder(' ', atStart, atEnd).OfWhole(),
        ];
    }

    private static bool Flag(JsonElement settings, string name, bool byDefault) =>
        settings.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value.GetBoolean() : byDefault;

    private SentencePieceTokenizer Create(SpecialTokens special)
    {
        var adds = special.HasFlag(SpecialTokens.Added);
        // The package takes the first match, so the longest are listed first.
        var found = added.Where(token => !token.IsControl || special.HasFlag(SpecialTokens.Found)).OrderByDescending(token => token.Content.Length);
        return SentencePieceTokenizer.Create(
            new MemoryStream(model),
            adds && addsStart,
            adds && addsEnd,
            new OrderedDictionary<string, int>(found.Select(token => KeyValuePair.Create(token.Content, token.Id)), StringComparer.Ordinal));
    }
}
