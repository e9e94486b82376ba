using System.Text.RegularExpressions;

namespace Pybo.Tests;

/// <summary>The direction of dependencies (docs/decisions/0003-layers.md), read from the code.</summary>
public sealed partial class ArchitectureTests
{
    /// <summary>A folder and what it may import of ours; its own subfolders always.</summary>
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Data"] = [],
        ["Rag/Outgoing"] = [],
        ["Rag/Tokenizers"] = [],
        ["Rag/Documents"] = [],
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

    private static bool Below(string used, string folder) => used == folder || used.StartsWith(folder + "/", StringComparison.Ordinal);

    [GeneratedRegex(@"^\s*@?using (?:static )?(?:\w+ = )?Pybo\.([\w.]+)", RegexOptions.Multiline)]
    private static partial Regex OwnNamespace();
}
