using System.Text;
using System.Text.Json;

namespace Pybo.Rag.Tokenizers;

/// <summary>Reads the "model" of type BPE directly from the JSON tokens; half a million merges are most of the file.</summary>
/// <example>{"type":"BPE","unk_token":"&lt;unk&gt;","fuse_unk":true,"byte_fallback":true,"vocab":{"▁":4,…},"merges":["▁ 나"] or [["▁","나"]]}</example>
internal static class BpeReader
{
    /// <param name="reader">On the model's opening brace; left on its closing one.</param>
    /// <exception cref="InvalidDataException">A field is missing or of the wrong kind, a merge joins unknown pieces, or the model needs something
    /// unsupported.</exception>
    public static BpeModel Read(ref Utf8JsonReader reader)
    {
        Vocabulary? vocabulary = null;
        string? unknown = null;
        var options = new BpeOptions(null, FuseUnknown: false, ByteFallback: false, IgnoreMerges: false);
        MergeTable? merges = null;
        Utf8JsonReader mergesStart = default;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var field = reader.GetString();
            reader.Read();
            switch (field)
            {
                case "vocab":
                    vocabulary = VocabularyReader.Read(ref reader);
                    break;
                case "merges" when vocabulary is not null:
                    merges = ReadMerges(ref reader, vocabulary);
                    break;
                case "merges":
                    mergesStart = reader; // they need the vocabulary, which may follow them
                    reader.Skip();
                    break;
                case "unk_token":
                    unknown = reader.GetString();
                    break;
                case "fuse_unk":
                    options = options with { FuseUnknown = reader.GetBoolean() };
                    break;
                case "byte_fallback":
                    options = options with { ByteFallback = reader.GetBoolean() };
                    break;
                case "ignore_merges":
                    options = options with { IgnoreMerges = reader.GetBoolean() };
                    break;
                case "dropout" when reader.TokenType == JsonTokenType.Number && reader.GetDouble() != 0:
                case "continuing_subword_prefix" or "end_of_word_suffix" when reader.TokenType == JsonTokenType.String && reader.ValueSpan.Length > 0:
                    throw new InvalidDataException($"the BPE model asks for \"{field}\", which this program does not do");
                default:
                    reader.Skip();
                    break;
            }
        }
        if (vocabulary is null)
        {
            throw new InvalidDataException("the BPE model has no \"vocab\"");
        }
        merges ??= ReadMerges(ref mergesStart, vocabulary);
        if (unknown is not null)
        {
            var id = vocabulary.Find(unknown);
            options = options with { UnknownId = id != Vocabulary.NoPiece ? id : throw new InvalidDataException($"the unk_token \"{unknown}\" is not in the vocabulary") };
        }
        return new BpeModel(vocabulary, merges, options);
    }

    /// <summary>A merge is written as "a b" or as ["a","b"]; its rank is its index in the list.</summary>
    /// <param name="reader">On the opening bracket; left on the closing one.</param>
    private static MergeTable ReadMerges(ref Utf8JsonReader reader, Vocabulary vocabulary)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw new InvalidDataException("the BPE model has no list of \"merges\"");
        }
        var merges = new MergeTable(vocabulary.Size);
        var pair = new PairBytes();
        var joined = Vocabulary.NoPiece;
        for (var rank = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; rank++)
        {
            if (reader.TokenType == JsonTokenType.StartArray)
            {
                reader.Read();
                pair.SetLeft(in reader);
                reader.Read();
                pair.AppendRight(in reader);
                reader.Read();
                Expect(reader.TokenType == JsonTokenType.EndArray, rank);
            }
            else
            {
                Expect(reader.TokenType == JsonTokenType.String && pair.TrySplit(in reader), rank);
            }
            var (left, right) = (vocabulary.Find(pair.Left), vocabulary.Find(pair.Right));
            // Merges that produce the same piece usually follow each other.
            joined = vocabulary.Utf8(joined).SequenceEqual(pair.Joined) ? joined : vocabulary.Find(pair.Joined);
            if (left == Vocabulary.NoPiece || right == Vocabulary.NoPiece || joined == Vocabulary.NoPiece)
            {
                var missing = left == Vocabulary.NoPiece ? pair.Left : right == Vocabulary.NoPiece ? pair.Right : pair.Joined;
                throw new InvalidDataException($"merge {rank} joins \"{Encoding.UTF8.GetString(pair.Left)}\" and \"{Encoding.UTF8.GetString(pair.Right)}\", but \"{Encoding.UTF8.GetString(missing)}\" is not in the vocabulary");
            }
            merges.Add(left, right, rank, joined);
        }
        return merges;
    }

    private static void Expect(bool isSo, int rank)
    {
        if (!isSo)
        {
            throw new InvalidDataException($"merge {rank} is neither \"a b\" nor [\"a\", \"b\"]");
        }
    }

    /// <summary>The two sides of a merge, contiguous in one buffer, so that joining them needs no copy.</summary>
    private sealed class PairBytes
    {
        private const byte Blank = (byte)' ';

        private byte[] joined = [];
        private byte[] scratch = [];
        private int leftLength;
        private int length;

        public ReadOnlySpan<byte> Left => joined.AsSpan(0, leftLength);

        public ReadOnlySpan<byte> Right => joined.AsSpan(leftLength, length - leftLength);

        public ReadOnlySpan<byte> Joined => joined.AsSpan(0, length);

        public void SetLeft(ref readonly Utf8JsonReader reader) => Set(Text(in reader), []);

        public void AppendRight(ref readonly Utf8JsonReader reader) => Set(Left, Text(in reader));

        public bool TrySplit(ref readonly Utf8JsonReader reader)
        {
            var text = Text(in reader);
            var blank = text.IndexOf(Blank);
            if (blank <= 0 || blank != text.LastIndexOf(Blank))
            {
                return false;
            }
            Set(text[..blank], text[(blank + 1)..]);
            return true;
        }

        private ReadOnlySpan<byte> Text(ref readonly Utf8JsonReader reader) => reader.TokenType == JsonTokenType.String
            ? VocabularyReader.Utf8(in reader, ref scratch)
            : throw new InvalidDataException("a side of a merge is no text");

        private void Set(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
        {
            (leftLength, length) = (left.Length, left.Length + right.Length);
            if (joined.Length < length)
            {
                var larger = new byte[length * 2];
                left.CopyTo(larger);
                joined = larger;
            }
            else
            {
                left.CopyTo(joined); // may already be in place
            }
            right.CopyTo(joined.AsSpan(leftLength));
        }
    }
}
