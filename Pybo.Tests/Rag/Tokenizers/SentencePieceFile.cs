using Google.Protobuf;
using Pybo.Rag.Tokenizers.SentencePiece;

namespace Pybo.Tests.Rag.Tokenizers;

/// <summary>Makes small tokenizer.model files.</summary>
internal static class SentencePieceFile
{
    public static IEnumerable<PieceProto> ByteTokens { get; } = [.. Enumerable.Range(0, 256).Select(b => Piece($"<0x{b:X2}>", PieceProto.Types.Type.Byte))];

    public static PieceProto Piece(string text, PieceProto.Types.Type type = PieceProto.Types.Type.Normal) => new() { Piece = text, Type = type };

    /// <param name="pieces">The earlier of two is merged first.</param>
    public static ModelProto Model(IEnumerable<PieceProto> pieces, TrainerProto trainer, bool addsDummyPrefix = false)
    {
        var model = new ModelProto { TrainerSpec = trainer, NormalizerSpec = new() { AddDummyPrefix = addsDummyPrefix, RemoveExtraWhitespaces = false } };
        foreach (var (place, piece) in pieces.Index())
        {
            var scored = piece.Clone();
            scored.Score = -place;
            model.Pieces.Add(scored);
        }
        return model;
    }
}
