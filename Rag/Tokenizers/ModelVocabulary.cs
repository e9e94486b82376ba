using Microsoft.ML.Tokenizers;

namespace Pybo.Rag.Tokenizers;

/// <summary>
/// How a tokenizer treats special tokens, such as the start and the end of a text or of a turn. The booleans of the package's encoding methods
/// (<c>considerPreTokenization</c>, <c>considerNormalization</c>) do not affect them.
/// </summary>
[Flags]
public enum SpecialTokens
{
    /// <summary>
    /// For text that others wrote: control tokens in it are ordinary characters, and it never produces their ids. Control tokens are the special ones
    /// and lookalikes (&lt;unused7&gt;, [multimodal]); added tokens that are text (runs of line feeds, HTML tags) are still found.
    /// </summary>
    None = 0,

    /// <summary>Finds special tokens written in a text.</summary>
    Found = 1,

    /// <summary>Adds the model's own before and after a text.</summary>
    Added = 2,

    /// <summary>As the Hugging Face library encodes by default.</summary>
    FoundAndAdded = Found | Added,
}

/// <summary>
/// A model's vocabulary, read once. It creates tokenizers, which share it, and decodes ids as they are generated. Immutable: safe for any number of
/// threads.
/// </summary>
/// <example><code>
/// var vocabulary = ModelVocabulary.Load("models/embedded");
/// var tokenizer = vocabulary.TokenizerFor(SpecialTokens.FoundAndAdded);
/// tokenizer.EncodeToIds("query: ");            // 0 40 864 12 2, that is &lt;s&gt; ▁qu ery : &lt;/s&gt;
/// tokenizer.Decode([0, 40, 864, 12, 2]);       // "query:"
/// </code></example>
public abstract class ModelVocabulary
{
    /// <summary>The file names that can be read, in order of preference.</summary>
    public static IReadOnlyList<string> FileNames { get; } = [TokenizerFile.Name, BertVocabularyFile.Name, SentencePieceVocabulary.FileName];

    /// <summary>One more than the highest id, added tokens included.</summary>
    public abstract int Size { get; }

    internal abstract IReadOnlyList<TokenDecoder> Decoders { get; }

    /// <summary>
    /// Reads a <c>tokenizer.json</c>, a BERT <c>vocab.txt</c> or a SentencePiece <c>tokenizer.model</c>, the last two with the settings next to them;
    /// in a folder, the first one found.
    /// </summary>
    /// <exception cref="InvalidDataException">The file is missing, broken, or of an unknown kind; the message names the file, the part and the remedy.</exception>
    public static ModelVocabulary Load(string path) => TokenizerFile.Load(path);

    /// <summary>Reads a <c>tokenizer.json</c> to the end of the stream; the caller closes it.</summary>
    /// <exception cref="InvalidDataException">As for a path.</exception>
    public static ModelVocabulary Load(Stream stream) => TokenizerFile.Load(stream);

    /// <summary>Lists the files that determine the ids: the given one and any settings that it uses.</summary>
    public static IEnumerable<string> FilesOf(string file) => TokenizerFile.FilesOf(file);

    /// <summary>Creates a tokenizer over this vocabulary. Offsets are UTF-16 units of the given text.</summary>
    public abstract Tokenizer TokenizerFor(SpecialTokens special);

    /// <summary>Returns the id of a piece or an added token; null if the vocabulary does not contain it.</summary>
    public abstract int? TokenToId(string token);

    /// <summary>Returns an id's text as the vocabulary writes it; null for an id without one.</summary>
    public abstract string? IdToToken(int id);

    /// <summary>Decodes ids. Ids outside the vocabulary are omitted.</summary>
    /// <param name="skipSpecialTokens">Omits the tokens that the file calls special, such as the end of a turn.</param>
    public string Decode(IEnumerable<int> ids, bool skipSpecialTokens = true) => new StreamingDecoder(this, skipSpecialTokens).DecodeAll(ids);

    internal abstract bool IsSpecial(int id);

    /// <summary>Whether an id belongs to a control token (special or a lookalike), which <see cref="SpecialTokens.None"/> keeps out of a text.</summary>
    internal abstract bool IsControl(int id);

    /// <summary>Whether an added token found in a text includes the white space before it.</summary>
    internal virtual bool TakesSpaceBefore(int id) => false;

    /// <summary>Whether it includes the white space after it: Phi-3's <c>&lt;|user|&gt;</c> takes its line feed.</summary>
    internal virtual bool TakesSpaceAfter(int id) => false;
}
