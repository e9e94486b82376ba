using System.Text.Json;

namespace Pybo.Rag.Tokenizers;

/// <summary>Reads a "vocab" object of texts and ids without allocating a string for each.</summary>
/// <example>{"&lt;pad&gt;": 0, "나무": 9}</example>
internal static class VocabularyReader
{
    /// <param name="reader">On the opening brace; left on the closing one.</param>
    /// <exception cref="InvalidDataException">It is not such an object, or an id has two texts.</exception>
    public static Vocabulary Read(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new InvalidDataException("the \"vocab\" of this model is an object of pieces and their ids");
        }
        var vocabulary = new Vocabulary();
        var scratch = Array.Empty<byte>();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var text = Utf8(in reader, ref scratch);
            reader.Read();
            vocabulary.Add(text, reader.GetInt32());
        }
        return vocabulary;
    }

    /// <summary>Returns the reader's current text, from the file itself or, if escaped, unescaped into <paramref name="scratch"/>.</summary>
    public static ReadOnlySpan<byte> Utf8(ref readonly Utf8JsonReader reader, ref byte[] scratch)
    {
        if (!reader.ValueIsEscaped)
        {
            return reader.ValueSpan;
        }
        if (scratch.Length < reader.ValueSpan.Length)
        {
            scratch = new byte[reader.ValueSpan.Length * 2];
        }
        return scratch.AsSpan(0, reader.CopyString(scratch));
    }
}
