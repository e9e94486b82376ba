using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace Pybo.Tests;

/// <summary>The direction of dependencies (docs/decisions/0003-layers.md), read from the code.</summary>
public sealed partial class ArchitectureTests
{
    /// <summary>A folder and the folders of ours that it may import; its own subfolders are always allowed.</summary>
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Data"] = [],
        ["Rag/Outgoing"] = ["Data"],
        ["Rag/Tokenizers"] = [],
        ["Rag/Documents"] = ["Data"],
        ["Rag/Inference"] = ["Rag/Tokenizers"],
        ["Rag/Models"] = ["Data", "Rag/Outgoing", "Rag/Inference"],
        ["Rag/Passages"] = ["Data", "Rag/Documents"],
        ["Rag/Ingestion"] = ["Data", "Rag/Documents", "Rag/Inference", "Rag/Models", "Rag/Passages"],
        ["Rag/Retrieval"] = ["Data", "Rag/Documents", "Rag/Inference", "Rag/Models"],
        ["Rag/Chat"] = ["Data", "Rag/Documents", "Rag/Inference", "Rag/Models", "Rag/Retrieval"],
        ["Pages"] = ["Data", "Rag/Outgoing", "Rag/Chat", "Rag/Documents", "Rag/Ingestion", "Rag/Models", "Rag/Passages", "Rag/Retrieval"],
    };

    private static readonly ConcurrentDictionary<string, HashSet<string>> TypesOf = new();

    public static TheoryData<string> Folders => [.. Allowed.Keys];

    /// <summary>Types next to Program.cs, which every namespace sees without a using, and their permitted users.</summary>
    private static readonly Dictionary<string, string[]> RootTypes = new()
    {
        ["Payload"] = [],
        ["PayloadException"] = [],
        ["TelemetryOff"] = [],
    };

    [Theory]
    [MemberData(nameof(Folders))]
    public void A_folder_uses_only_its_allowed_dependencies(string folder)
    {
        var root = Repository.Root;
        var files = Directory.EnumerateFiles(Path.Combine(root, folder), "*.cs*", SearchOption.AllDirectories).ToList();
        Assert.NotEmpty(files);
        foreach (var file in files)
        {
            var code = Comments().Replace(File.ReadAllText(file), "");
            foreach (var used in UsedNamespaces(code, folder))
            {
                Assert.True(
                    Below(used, folder) || Allowed[folder].Any(allowed => Below(used, allowed)),
                    $"{Path.GetRelativePath(root, file)} uses {used}, which {folder} may not.");
            }

            foreach (var (type, users) in RootTypes)
            {
                Assert.True(users.Contains(folder) || !Regex.IsMatch(code, $@"(?<![\w.]){type}\b"), $"{Path.GetRelativePath(root, file)} uses {type}, which {folder} may not.");
            }
        }
    }

    [Fact]
    public void Every_type_next_to_the_program_has_a_rule()
    {
        var declared = Directory.EnumerateFiles(Repository.Root, "*.cs").Where(file => Path.GetFileName(file) != "Program.cs").SelectMany(file => Declared().Matches(File.ReadAllText(file))).Select(match => match.Groups[1].Value);
        Assert.Equal(RootTypes.Keys.Order(), declared.Order());
    }

    [Theory]
    [InlineData("using Pybo.Rag.Chat;", "Rag/Models", "Rag/Chat")]
    [InlineData("using Turn = Pybo.Data.Turn;", "Rag/Models", "Data/Turn")]
    [InlineData("var url = Rag.Chat.Refusals.Of(hit);", "Pages", "Rag/Chat")]
    [InlineData("Inference.IGeneratorSource source", "Rag/Chat", "Rag/Inference")]
    [InlineData("Pybo.Pages.Address.LogIn(path)", "Data", "Pages")]
    public void Every_way_of_using_a_namespace_is_detected(string code, string folder, string used) => Assert.Equal([used], UsedNamespaces(code, folder));

    [Fact]
    public void Every_code_folder_has_a_rule()
    {
        var rag = Directory.EnumerateDirectories(Path.Combine(Repository.Root, "Rag")).Select(d => "Rag/" + Path.GetFileName(d));
        Assert.All(rag, folder => Assert.Contains(folder, Allowed.Keys));
    }

    /// <summary>Rag/Tokenizers alone decides which engine reads a model's files: docs/decisions/0023-tokenizers.md.</summary>
    [Fact]
    public void Only_Rag_Tokenizers_uses_tokenizers_beyond_the_packages_base_type()
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

    /// <summary>Our namespaces that code names, as folders: by using, in full, or relative to one of its own namespaces.</summary>
    private static IEnumerable<string> UsedNamespaces(string code, string folder)
    {
        foreach (Match match in OwnNamespace().Matches(code))
        {
            yield return match.Groups[1].Value.Replace('.', '/');
        }

        var enclosing = folder.Split('/').Select((_, at) => string.Join('/', folder.Split('/').Take(at))).ToList();
        foreach (Match match in Qualified().Matches(OwnNamespace().Replace(code, "")))
        {
            var path = match.Value.Replace('.', '/');
            path = path.StartsWith("Pybo/", StringComparison.Ordinal) ? path["Pybo/".Length..] : path;
            // A property may be named like a folder: the next name must be a member of that folder.
            var named = enclosing.Select(outer => outer.Length == 0 ? path : $"{outer}/{path}")
                .SelectMany(whole => Allowed.Keys.Where(room => Below(whole, room) && whole != room && Holds(room, whole[(room.Length + 1)..].Split('/')[0]))).FirstOrDefault();
            if (named is not null)
            {
                yield return named;
            }
        }
    }

    private static bool Holds(string folder, string name) => Directory.Exists(Path.Combine(Repository.Root, folder, name)) || TypesOf.GetOrAdd(folder, Types).Contains(name);

    private static HashSet<string> Types(string folder) => [.. Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.cs", SearchOption.AllDirectories)
        .SelectMany(file => Declared().Matches(File.ReadAllText(file))).Select(match => match.Groups[1].Value)];

    private static bool Below(string used, string folder) => used == folder || used.StartsWith(folder + "/", StringComparison.Ordinal);

    [GeneratedRegex(@"^\s*@?using (?:static )?(?:\w+ = )?Pybo\.([\w.]+)", RegexOptions.Multiline)]
    private static partial Regex OwnNamespace();

    [GeneratedRegex(@"(?<![\w.""])(?:[A-Z]\w*\.)+[A-Z]\w*")]
    private static partial Regex Qualified();

    [GeneratedRegex("^[ \\t]*//.*$|^namespace .*$", RegexOptions.Multiline)]
    private static partial Regex Comments();

    [GeneratedRegex(@"^(?:public|internal) (?:[a-z]+ )*(?:class|record|struct|enum|interface) (\w+)", RegexOptions.Multiline)]
    private static partial Regex Declared();

    [GeneratedRegex(@"\b(?:HuggingFace|SentencePiece|Llama|Bpe|Bert|WordPiece|Tiktoken|CodeGen|Phi2|EnglishRoberta)(?:Tokenizer|Vocabulary)\b")]
    private static partial Regex SomeTokenizer();
}
