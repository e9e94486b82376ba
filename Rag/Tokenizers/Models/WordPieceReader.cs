using System.Text.Json;

namespace Pybo.Rag.Tokenizers;

/// <summary>Reads the "model" of type WordPiece directly from the JSON tokens.</summary>
/// <example>{"type":"WordPiece","unk_token":"[UNK]","continuing_subword_prefix":"##","max_input_chars_per_word":100,"vocab":{"[CLS]":0,…}}</example>
internal static class WordPieceReader
{
    public const string DefaultPrefix = "##";
    public const string DefaultUnknown = "[UNK]";
    public const int DefaultWordCharactersMax = 100;

    /// <param name="reader">On the model's opening brace; left on its closing one.</param>
    /// <exception cref="InvalidDataException">A field is missing or of the wrong kind.</exception>
    public static WordPieceModel Read(ref Utf8JsonReader reader)
    {
        Vocabulary? vocabulary = null;
        var (unknown, prefix, charactersMax) = (DefaultUnknown, DefaultPrefix, DefaultWordCharactersMax);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var field = reader.GetString();
            reader.Read();
            switch (field)
            {
                case "vocab":
                    vocabulary = VocabularyReader.Read(ref reader);
                    break;
                case "unk_token":
                    unknown = reader.GetString()!;
                    break;
                case "continuing_subword_prefix":
                    prefix = reader.GetString()!;
                    break;
                case "max_input_chars_per_word":
                    charactersMax = reader.GetInt32();
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }
        return Create(vocabulary ?? throw new InvalidDataException("the WordPiece model has no \"vocab\""), unknown, prefix, charactersMax);
    }

    /// <exception cref="InvalidDataException">The vocabulary lacks its unknown token.</exception>
    public static WordPieceModel Create(Vocabulary vocabulary, string unknown, string prefix = DefaultPrefix, int charactersMax = DefaultWordCharactersMax) =>
        vocabulary.Find(unknown) is var id && id != Vocabulary.NoPiece
            ? new WordPieceModel(vocabulary, id, prefix, charactersMax)
            : throw new InvalidDataException($"the unk_token \"{unknown}\" is not in the vocabulary");
}
