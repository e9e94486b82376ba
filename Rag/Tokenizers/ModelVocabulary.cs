using Microsoft.ML.Tokenizers;

namespace Pybo.Rag.Tokenizers;

/// <summary>
/// What a tokenizer does with special tokens, such as the start and the end of a text or of a turn. The booleans of the package's
/// encoding methods (<c>considerPreTokenization</c>, <c>considerNormalization</c>) say nothing of them.
/// </summary>
[Flags]
public enum SpecialTokens
{
    /// <summary>
    /// For text that others wrote: a control token written out in it is ordinary characters, and no such id comes out, whatever the
    /// text. Control tokens are the special ones and what looks like one (&lt;unused7&gt;, [multimodal]); added tokens that are text
    /// (runs of line feeds, HTML tags) are found all the same.
    /// </summary>
    None = 0,

    /// <summary>Those written out in a text are found.</summary>
    Found = 1,

    /// <summary>The model's own are put before and after a text.</summary>
    Added = 2,

    /// <summary>As the Hugging Face library encodes by default.</summary>
    FoundAndAdded = Found | Added,
}

/// <summary>
/// A model's vocabulary, read once. It gives the tokenizers, which share it, and the text of ids as they are generated.
/// Immutable: use one from any number of threads.
/// </summary>
/// <example><code>
/// var vocabulary = ModelVocabulary.Load("models/embedded");
/// var tokenizer = vocabulary.TokenizerFor(SpecialTokens.FoundAndAdded);
/// tokenizer.EncodeToIds("query: ");            // 0 40 864 12 2, that is &lt;s&gt; ▁qu ery : &lt;/s&gt;
/// tokenizer.Decode([0, 40, 864, 12, 2]);       // "query:"
/// </code></example>
public abstract class ModelVocabulary
{
    /// <summary>The names of the files that can be read, the first that a folder has first.</summary>
    public static IReadOnlyList<string> FileNames { get; } = [TokenizerFile.Name, BertVocabularyFile.Name, SentencePieceVocabulary.FileName];

    /// <summary>One more than the highest id, added tokens included.</summary>
    public abstract int Size { get; }

    internal abstract IReadOnlyList<TokenDecoder> Decoders { get; }

    /// <summary>
    /// Reads a <c>tokenizer.json</c>, a BERT <c>vocab.txt</c> or a SentencePiece <c>tokenizer.model</c>, the last two with the settings
    /// beside them; of a folder the first that it has.
    /// </summary>
    /// <exception cref="InvalidDataException">It is missing, broken, or not a tokenizer this program knows; the message names the file, the part and what to do.</exception>
    public static ModelVocabulary Load(string path) => TokenizerFile.Load(path);

    /// <summary>Reads a <c>tokenizer.json</c> to the end of the stream; the caller closes it.</summary>
    /// <exception cref="InvalidDataException">As for a path.</exception>
    public static ModelVocabulary Load(Stream stream) => TokenizerFile.Load(stream);

    /// <summary>The files that decide the ids: the one given and, where it takes settings from beside it, those.</summary>
    public static IEnumerable<string> FilesOf(string file) => TokenizerFile.FilesOf(file);

    /// <summary>A tokenizer over this vocabulary. Offsets are UTF-16 units of the text as given.</summary>
    public abstract Tokenizer TokenizerFor(SpecialTokens special);

    /// <summary>The id of a piece or an added token; null where the vocabulary has none of that text.</summary>
    public abstract int? TokenToId(string token);

    /// <summary>The text of an id as the vocabulary writes it; null for an id without one.</summary>
    public abstract string? IdToToken(int id);

    /// <summary>The text of ids. Ids outside the vocabulary are left out.</summary>
    /// <param name="skipSpecialTokens">Leaves out the tokens that the file calls special, such as the end of a turn.</param>
    public string Decode(IEnumerable<int> ids, bool skipSpecialTokens = true) => new StreamingDecoder(this, skipSpecialTokens).DecodeAll(ids);

    internal abstract bool IsSpecial(int id);

    /// <summary>Whether an id is that of a control token, which <see cref="SpecialTokens.None"/> keeps out of a text: a special one, or one that looks so.</summary>
    internal abstract bool IsControl(int id);

    /// <summary>Whether an added token, found in a text, takes the white space before it along.</summary>
    internal virtual bool TakesSpaceBefore(int id) => false;

    /// <summary>The same behind it: Phi-3's <c>&lt;|user|&gt;</c> takes its line feed.</summary>
    internal virtual bool TakesSpaceAfter(int id) => false;
}
