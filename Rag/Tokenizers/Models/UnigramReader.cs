using System.Text.Json;

namespace Pybo.Rag.Tokenizers;

/// <summary>Reads the "model" of type Unigram directly from the JSON tokens: the vocabulary is nearly the whole file.</summary>
/// <example>{"type":"Unigram","unk_id":3,"vocab":[["&lt;s&gt;",0.0],…,["▁de",-5.3]],"byte_fallback":false}</example>
internal static class UnigramReader
{
    private const int PiecesMax = 1 << 20;

    /// <param name="reader">On the model's opening brace; left on its closing one.</param>
    /// <exception cref="InvalidDataException">A field is missing or of the wrong kind.</exception>
    public static UnigramModel Read(ref Utf8JsonReader reader)
    {
        List<string>? pieces = null;
        List<double> scores = [];
        int? unknownId = null;
        var byteFallback = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("vocab"))
            {
                pieces = [];
                reader.Read();
                ReadVocabulary(ref reader, pieces, scores);
            }
            else if (reader.ValueTextEquals("unk_id"))
            {
                reader.Read();
                unknownId = reader.TokenType == JsonTokenType.Null ? null : reader.GetInt32();
            }
            else if (reader.ValueTextEquals("byte_fallback"))
            {
                reader.Read();
                byteFallback = reader.GetBoolean();
            }
            else
            {
                reader.Skip();
            }
        }
        return new UnigramModel(
            pieces is { Count: > 0 } ? [.. pieces] : throw new InvalidDataException("the Unigram model has no \"vocab\""),
            [.. scores],
            unknownId ?? throw new InvalidDataException("the Unigram model has no \"unk_id\", so it could not encode every text"),
            byteFallback);
    }

    private static void ReadVocabulary(ref Utf8JsonReader reader, List<string> pieces, List<double> scores)
    {
        Expect(ref reader, JsonTokenType.StartArray);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            Expect(ref reader, JsonTokenType.StartArray);
            reader.Read();
            Expect(ref reader, JsonTokenType.String);
            pieces.Add(reader.GetString()!);
            reader.Read();
            Expect(ref reader, JsonTokenType.Number);
            scores.Add(reader.GetDouble());
            reader.Read();
            Expect(ref reader, JsonTokenType.EndArray);
            if (pieces.Count > PiecesMax)
            {
                throw new InvalidDataException($"the vocabulary has more than {PiecesMax} pieces");
            }
        }
    }

    private static void Expect(ref Utf8JsonReader reader, JsonTokenType type)
    {
        if (reader.TokenType != type)
        {
            throw new InvalidDataException($"the \"vocab\" of a Unigram model is a list of [piece, score]; at byte {reader.TokenStartIndex} there is {reader.TokenType} instead of {type}");
        }
    }
}
