using System.Text;
using Pybo.Rag.Tokenizers;

namespace Pybo.Tests.Rag.Tokenizers;

/// <summary>Text that is emitted while ids arrive.</summary>
public sealed class StreamingDecoderTests
{
    private static readonly ModelVocabulary Bytes = Load("""
        {"model": {"type": "BPE", "byte_fallback": true, "merges": [],
            "vocab": {"<end>": 0, "▁": 1, "a": 2, "😀": 3, "<0xEA>": 4, "<0xB0>": 5, "<0x80>": 6, "<0xF0>": 7, "<0x9F>": 8, "<0x98>": 9, "<0x80": 10, "▁b": 11}},
         "added_tokens": [{"id": 0, "content": "<end>", "special": true}],
         "decoder": {"type": "Sequence", "decoders": [{"type": "Replace", "pattern": {"String": "▁"}, "content": " "}, {"type": "ByteFallback"}, {"type": "Fuse"}]}}
        """);

    [Fact]
    public void A_character_of_several_bytes_is_emitted_whole()
    {
        var decoder = new StreamingDecoder(Bytes);
        Assert.Equal(["a", "", "", "", "가 b", "😀", "", "", "", ""], Push(decoder, 2, 4, 5, 6, 11, 3, 7, 8, 9, 6));
        Assert.Equal("😀", decoder.Flush());
        Assert.Equal("", decoder.Flush());
    }

    [Fact]
    public void Invalid_bytes_become_one_replacement_each_as_in_the_reference()
    {
        Assert.Equal("a\uFFFD\uFFFD\uFFFD\uFFFDa", Bytes.Decode([2, 4, 5, 6, 6, 2]));
        Assert.Equal("a\uFFFD\uFFFD", Bytes.Decode([2, 4, 5]));
    }

    [Fact]
    public void Special_tokens_are_shown_when_asked_for()
    {
        Assert.Equal(("", "<end>"), (new StreamingDecoder(Bytes).Push(0), new StreamingDecoder(Bytes, skipSpecialTokens: false).Push(0)));
        Assert.Equal("가", Bytes.Decode([4, 0, 5, 6])); // a skipped token does not end a run
    }

    [Fact]
    public void Streamed_pieces_of_any_ids_join_to_the_full_decoding()
    {
        var random = new Random(7);
        var decoder = new StreamingDecoder(Bytes);
        for (var round = 0; round < 500; round++)
        {
            int[] ids = [.. Enumerable.Range(0, random.Next(12)).Select(_ => random.Next(-1, 13))];
            string[] pieces = [.. ids.Select(decoder.Push), decoder.Flush()];
            Assert.Equal(Bytes.Decode(ids), string.Concat(pieces));
            Assert.All(pieces, piece => Assert.False(piece.Length > 0 && (char.IsLowSurrogate(piece[0]) || char.IsHighSurrogate(piece[^1]))));
        }
    }

    [Fact]
    public void Without_decoders_tokens_are_separated_by_spaces()
    {
        var plain = Load("""{"model": {"type": "BPE", "merges": [], "vocab": {"a": 0, "b": 1}}}""");
        var decoder = new StreamingDecoder(plain);
        Assert.Equal(["a", " b", "", " a"], Push(decoder, 0, 1, 7, 0));
        Assert.Equal("", decoder.Flush());
        Assert.Equal("b", decoder.Push(1));
    }

    [Fact]
    public void Fused_text_reaches_the_next_decoder_as_one_token()
    {
        var fused = Load("""
            {"model": {"type": "BPE", "merges": [], "vocab": {"a": 0, "b": 1}},
             "decoder": {"type": "Sequence", "decoders": [{"type": "Fuse"}, {"type": "Replace", "pattern": {"String": "ab"}, "content": "c"}]}}
            """);
        Assert.Equal("cca", fused.Decode([0, 1, 0, 1, 0]));
    }

    private static string[] Push(StreamingDecoder decoder, params int[] ids) => [.. ids.Select(decoder.Push)];

    private static ModelVocabulary Load(string json) => ModelVocabulary.Load(new MemoryStream(Encoding.UTF8.GetBytes(json)));
}
