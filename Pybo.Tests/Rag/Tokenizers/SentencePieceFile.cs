using Google.Protobuf;
using Pybo.Rag.Tokenizers.SentencePiece;

namespace Pybo.Tests.Rag.Tokenizers;

/// <summary>How a SentencePiece model spells a text; the numbers are those of its file.</summary>
internal enum SentencePieceKind
{
    Unigram = 1,
    Bpe = 2,
}

/// <summary>Writes small tokenizer.model files. Field numbers are those of SentencePiece's own schema, src/sentencepiece_model.proto.</summary>
internal static class SentencePieceFile
{
    private const int TrainerSpec = 2, NormalizerSpec = 3;

    public static IEnumerable<PieceProto> ByteTokens { get; } = [.. Enumerable.Range(0, 256).Select(b => Piece($"<0x{b:X2}>", PieceProto.Types.Type.Byte))];

    public static PieceProto Piece(string text, PieceProto.Types.Type type = PieceProto.Types.Type.Normal) => new() { Piece = text, Type = type };

    /// <param name="pieces">Of two the earlier is merged first.</param>
    public static byte[] Bytes(IReadOnlyList<PieceProto> pieces, SentencePieceKind kind, int unknownId, int startId, int endId, bool addsDummyPrefix = false)
    {
        var model = new ModelProto();
        foreach (var (place, piece) in pieces.Index())
        {
            var scored = piece.Clone();
            scored.Score = -place;
            model.Pieces.Add(scored);
        }
        using var stream = new MemoryStream();
        using (var output = new CodedOutputStream(stream, leaveOpen: true))
        {
            model.WriteTo(output);
            const int modelType = 3, byteFallback = 35, unknown = 40, start = 41, end = 42;
            Write(output, TrainerSpec, (modelType, (int)kind), (byteFallback, kind == SentencePieceKind.Bpe ? 1 : 0), (unknown, unknownId), (start, startId), (end, endId));
            const int addDummyPrefix = 3, removeExtraWhitespaces = 4;
            Write(output, NormalizerSpec, (addDummyPrefix, addsDummyPrefix ? 1 : 0), (removeExtraWhitespaces, 0));
        }
        return stream.ToArray();
    }

    private static void Write(CodedOutputStream output, int message, params (int Field, int Value)[] fields)
    {
        using var stream = new MemoryStream();
        using (var inner = new CodedOutputStream(stream, leaveOpen: true))
        {
            foreach (var (field, value) in fields)
            {
                inner.WriteTag(field, WireFormat.WireType.Varint);
                inner.WriteInt32(value);
            }
        }
        output.WriteTag(message, WireFormat.WireType.LengthDelimited);
        output.WriteBytes(ByteString.CopyFrom(stream.ToArray()));
    }
}
