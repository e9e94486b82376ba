using Microsoft.ML.Tokenizers;
using Pybo.Rag.Tokenizers;

namespace Pybo.Tests.Rag.Tokenizers;

/// <summary>Locates the files of the tokenizer tests.</summary>
internal static class TokenizerSamples
{
    public static string EmbeddedFile { get; } = Path.Combine(AppContext.BaseDirectory, "models", "embedded", "tokenizer.json");

    public static string EmbeddedReference { get; } = Path.Combine(AppContext.BaseDirectory, "Samples", "embedded", "reference.jsonl");

    /// <summary>A path below the folder of shared models and data next to the repository; the test is skipped if it is absent.</summary>
    public static string Shared(string path)
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (root is not null && !File.Exists(Path.Combine(root.FullName, "Pybo.csproj")))
        {
            root = root.Parent;
        }
        var shared = Path.GetFullPath(Path.Combine(root?.FullName ?? AppContext.BaseDirectory, "..", "shared", path));
        Assert.SkipUnless(Path.Exists(shared), $"../shared/{path} is not there");
        return shared;
    }

    /// <summary>The rest of the program uses tokenizers this way: through the package's base type.</summary>
    extension(ModelVocabulary vocabulary)
    {
        public int[] EncodeToIds(string text, SpecialTokens special = SpecialTokens.FoundAndAdded) => [.. vocabulary.TokenizerFor(special).EncodeToIds(text)];

        public IReadOnlyList<EncodedToken> EncodeToTokens(string text, SpecialTokens special = SpecialTokens.FoundAndAdded) => vocabulary.TokenizerFor(special).EncodeToTokens(text, out _);

        public int CountTokens(string text, SpecialTokens special = SpecialTokens.FoundAndAdded) => vocabulary.TokenizerFor(special).CountTokens(text);
    }
}
