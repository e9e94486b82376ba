using System.Text.RegularExpressions;

namespace Pybo.Tests;

/// <summary>The direction of dependencies (docs/decisions/0003-layers.md), read from the code.</summary>
public sealed partial class ArchitectureTests
{
    /// <summary>A folder and what it may import of ours; its own subfolders always.</summary>
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Data"] = [],
        ["Rag/Outgoing"] = ["Data"],
        ["Rag/Tokenizers"] = [],
        ["Rag/Documents"] = ["Data"],
        ["Rag/Inference"] = ["Rag/Tokenizers"],
        ["Rag/Models"] = ["Data", "Rag/Outgoing", "Rag/Inference"],
        ["Rag/Ingestion"] = ["Data", "Rag/Documents", "Rag/Inference", "Rag/Models"],
        ["Rag/Chat"] = ["Data", "Rag/Documents", "Rag/Inference", "Rag/Models"],
        ["Pages"] = ["Data", "Rag/Outgoing", "Rag/Chat", "Rag/Documents", "Rag/Ingestion", "Rag/Models"],
    };

    public static TheoryData<string> Folders => [.. Allowed.Keys];

    [Theory]
    [MemberData(nameof(Folders))]
    public void A_folder_imports_only_what_lies_below_it(string folder)
    {
        var root = Repository.Root;
        var files = Directory.EnumerateFiles(Path.Combine(root, folder), "*.cs*", SearchOption.AllDirectories).ToList();
        Assert.NotEmpty(files);
        foreach (var file in files)
        {
            foreach (Match match in OwnNamespace().Matches(File.ReadAllText(file)))
            {
                var used = match.Groups[1].Value.Replace('.', '/');
                Assert.True(
                    Below(used, folder) || Allowed[folder].Any(allowed => Below(used, allowed)),
                    $"{Path.GetRelativePath(root, file)} imports Pybo.{match.Groups[1].Value}, which {folder} may not.");
            }
        }
    }

    [Fact]
    public void Every_folder_of_code_has_its_rule()
    {
        var rag = Directory.EnumerateDirectories(Path.Combine(Repository.Root, "Rag")).Select(d => "Rag/" + Path.GetFileName(d));
        Assert.All(rag, folder => Assert.Contains(folder, Allowed.Keys));
    }

    /// <summary>Which engine reads a model's files is decided in Rag/Tokenizers alone: docs/decisions/0023-tokenizers.md.</summary>
    [Fact]
    public void Only_Rag_Tokenizers_knows_another_tokenizer_than_the_packages_base_type()
    {
        string[] mayEncode = ["Rag/Tokenizers", "Rag/Inference"];
        var read = 0;
        foreach (var folder in Allowed.Keys.Where(folder => folder != "Rag/Tokenizers"))
        {
            foreach (var file in Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.cs*", SearchOption.AllDirectories))
            {
                var code = File.ReadAllText(file);
                Assert.False(SomeTokenizer().IsMatch(code), $"{Path.GetRelativePath(Repository.Root, file)} names the tokenizer {SomeTokenizer().Match(code).Value}.");
                Assert.True(mayEncode.Contains(folder) || !code.Contains("Microsoft.ML.Tokenizers", StringComparison.Ordinal), $"{Path.GetRelativePath(Repository.Root, file)} uses the package; {folder} may not.");
                read++;
            }
        }

        Assert.NotEqual(0, read);
        Assert.Matches(SomeTokenizer(), File.ReadAllText(Path.Combine(Repository.Root, "Rag/Tokenizers/SentencePieceVocabulary.cs")));
    }

    private static bool Below(string used, string folder) => used == folder || used.StartsWith(folder + "/", StringComparison.Ordinal);

    [GeneratedRegex(@"^\s*@?using (?:static )?(?:\w+ = )?Pybo\.([\w.]+)", RegexOptions.Multiline)]
    private static partial Regex OwnNamespace();

    [GeneratedRegex(@"\b(?:HuggingFace|SentencePiece|Llama|Bpe|Bert|WordPiece|Tiktoken|CodeGen|Phi2|EnglishRoberta)(?:Tokenizer|Vocabulary)\b")]
    private static partial Regex SomeTokenizer();
}
