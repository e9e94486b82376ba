using Google.Protobuf;
using Microsoft.ML.Tokenizers;
using Pybo.Rag.Tokenizers;
using Pybo.Rag.Tokenizers.SentencePiece;

namespace Pybo.Tests.Rag.Tokenizers;

/// <summary>A folder with only Google's tokenizer.model, in which pieces can form every control token.</summary>
public sealed class SentencePieceTests : IDisposable
{
    private const int Unknown = 0, Start = 1, End = 2;

    private static readonly string[] Controls = ["<unk>", "<s>", "</s>", "<end_of_turn>", "[multimodal]"];

    private static readonly PieceProto[] Pieces = WithTheirParts(
    [
        SentencePieceFile.Piece("<unk>", PieceProto.Types.Type.Unknown),
        SentencePieceFile.Piece("<s>", PieceProto.Types.Type.Control),
        SentencePieceFile.Piece("</s>", PieceProto.Types.Type.Control),
        SentencePieceFile.Piece("<end_of_turn>", PieceProto.Types.Type.Control),
        SentencePieceFile.Piece("[multimodal]", PieceProto.Types.Type.UserDefined),
        SentencePieceFile.Piece("<td>", PieceProto.Types.Type.UserDefined),
        SentencePieceFile.Piece("\n\n", PieceProto.Types.Type.UserDefined),
        SentencePieceFile.Piece("\n\n\n", PieceProto.Types.Type.UserDefined),
        .. SentencePieceFile.ByteTokens,
        .. "▁|나무|▁나무|나|무|\n|<td|>".Split('|').Select(text => SentencePieceFile.Piece(text)),
    ]);

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("pybo-sentencepiece-");

    [Fact]
    public void The_packages_own_tokenizer_encodes()
    {
        var vocabulary = Load(Bpe());
        var tokenizer = vocabulary.TokenizerFor(SpecialTokens.None);

        Assert.IsType<SentencePieceTokenizer>(tokenizer);
        Assert.Equal(["나무", "▁나무", "\n\n\n", "<td>", "나"], tokenizer.EncodeToTokens("나무 나무\n\n\n<td>나", out _).Select(t => t.Value));
        Assert.Equal(["▁", "<0xF0>", "<0x9F>", "<0x98>", "<0x80>"], tokenizer.EncodeToIds(" 😀").Select(id => vocabulary.IdToToken(id)));
        Assert.Equal(Pieces.Length, vocabulary.Size);
        Assert.Equal((Start, null), (vocabulary.TokenToId("<s>"), vocabulary.TokenToId("없는조각")));
        Assert.Null(vocabulary.IdToToken(Pieces.Length));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Untrusted_text_cannot_form_a_control_token(bool isUnigram)
    {
        var vocabulary = Load(isUnigram ? Unigram() : Bpe());
        var tokenizer = vocabulary.TokenizerFor(SpecialTokens.None);
        foreach (var control in Controls)
        {
            var text = $"나무 {control}나무{control}{control}\n\n{control}";
            var ids = tokenizer.EncodeToIds(text);

            Assert.DoesNotContain(ids, id => id < Controls.Length);
            Assert.Equal(ids, tokenizer.EncodeToTokens(text, out _).Select(t => t.Id));
            Assert.Equal(ids.Count, tokenizer.CountTokens(text));
            Assert.Equal(ids.Take(3), tokenizer.EncodeToIds(text, maxTokenCount: 3, out _, out _));
            Assert.Equal(text, vocabulary.Decode(ids));
        }
    }

    /// <summary>When this fails, the package itself keeps control tokens out of a text, and the marking becomes unnecessary.</summary>
    [Fact]
    public void The_package_alone_lets_a_text_form_a_control_token()
    {
        var alone = SentencePieceTokenizer.Create(new MemoryStream(Bpe().ToByteArray()), addBeginningOfSentence: false, addEndOfSentence: false);
        Assert.Contains(Array.FindIndex(Pieces, piece => piece.Piece == "<end_of_turn>"), alone.EncodeToIds("나무<end_of_turn>"));
    }

    [Fact]
    public void Control_tokens_of_the_program_are_found_and_those_of_the_settings_added()
    {
        const int turn = 3;
        var vocabulary = Load(Bpe());
        int[] text = [.. vocabulary.EncodeToIds("나무", SpecialTokens.None)];
        Assert.Equal([.. text, turn, .. text], vocabulary.EncodeToIds("나무<end_of_turn>나무", SpecialTokens.Found));
        Assert.Equal([Start, .. text, turn], vocabulary.EncodeToIds("나무<end_of_turn>"));
        Assert.Equal("나무나무", vocabulary.Decode([Start, .. text, turn, .. text, End, Unknown]));
        Assert.Equal("<s>나무", vocabulary.Decode([Start, .. text], skipSpecialTokens: false));

        File.WriteAllText(Path.Combine(folder.FullName, "tokenizer_config.json"), """{"add_bos_token": false, "add_eos_token": true}""");
        Assert.Equal([.. text, End], ModelVocabulary.Load(folder.FullName).EncodeToIds("나무"));
    }

    [Fact]
    public void Text_with_line_feeds_is_emitted_while_ids_arrive()
    {
        const string text = "나무 😀\n\n나무";
        var vocabulary = Load(Bpe(addsDummyPrefix: true));
        var decoder = new StreamingDecoder(vocabulary);
        var ids = vocabulary.EncodeToIds(text);
        string[] pieces = [.. ids.Select(decoder.Push), decoder.Flush()];

        Assert.Equal("▁나무", vocabulary.IdToToken(ids[1]));
        Assert.Equal(text, string.Concat(pieces));
        Assert.Contains("나무", pieces);
        Assert.Equal(text, vocabulary.Decode(ids));
    }

    [Fact]
    public void A_file_that_is_not_a_SentencePiece_model_is_refused_with_a_message()
    {
        var file = Path.Combine(folder.FullName, "tokenizer.model");
        var good = Bpe().ToByteArray();
        foreach (var bytes in (byte[][])[[], "version https://git-lfs.github.com/spec/v1"u8.ToArray(), good[..(good.Length / 2)], [.. good, .. good]])
        {
            var error = Refused(bytes);
            Assert.StartsWith(file, error, StringComparison.Ordinal);
            Assert.Contains("Download", error, StringComparison.Ordinal);
        }
    }

    /// <summary>The package ignores the table, and fails on a character without a piece.</summary>
    [Fact]
    public void A_model_that_the_package_would_encode_wrongly_is_refused_by_name()
    {
        var (mapped, bytes, words) = (Bpe(), Unigram(), Bpe());
        mapped.NormalizerSpec.PrecompiledCharsmap = ByteString.CopyFromUtf8("table");
        bytes.TrainerSpec.ByteFallback = true;
        words.TrainerSpec.ModelType = TrainerProto.Types.ModelType.Word;
        Assert.Contains("table of characters", Refused(mapped.ToByteArray()), StringComparison.Ordinal);
        Assert.Contains("pieces for bytes", Refused(bytes.ToByteArray()), StringComparison.Ordinal);
        Assert.Contains("Word", Refused(words.ToByteArray()), StringComparison.Ordinal);
    }

    public void Dispose() => folder.Delete(recursive: true);

    private static ModelProto Bpe(bool addsDummyPrefix = false) => SentencePieceFile.Model(
        Pieces, new() { ModelType = TrainerProto.Types.ModelType.Bpe, ByteFallback = true, UnkId = Unknown, BosId = Start, EosId = End }, addsDummyPrefix);

    private static ModelProto Unigram() => SentencePieceFile.Model(
        Pieces, new() { ModelType = TrainerProto.Types.ModelType.Unigram, UnkId = Unknown, BosId = Start, EosId = End });

    private ModelVocabulary Load(ModelProto model)
    {
        File.WriteAllBytes(Path.Combine(folder.FullName, "tokenizer.model"), model.ToByteArray());
        return ModelVocabulary.Load(folder.FullName);
    }

    private string Refused(byte[] bytes)
    {
        File.WriteAllBytes(Path.Combine(folder.FullName, "tokenizer.model"), bytes);
        return Assert.Throws<InvalidDataException>(() => ModelVocabulary.Load(folder.FullName)).Message;
    }

    /// <summary>Adds every character and every prefix of every control token, so that merges lead to it.</summary>
    private static PieceProto[] WithTheirParts(PieceProto[] pieces) =>
    [
        .. pieces,
        .. Controls
            .SelectMany(control => control.Select(c => c.ToString()).Concat(Enumerable.Range(2, control.Length - 2).Select(length => control[..length])))
            .Distinct()
            .Where(part => !pieces.Any(piece => piece.Piece == part))
            .Select(part => SentencePieceFile.Piece(part)),
    ];
}
