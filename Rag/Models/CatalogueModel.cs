using System.IO.Enumeration;
using System.Text.Json.Serialization;

namespace Pybo.Rag.Models;

/// <summary>What a model is for.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ModelKind>))]
public enum ModelKind
{
    [JsonStringEnumMemberName("embedding")]
    Embedding,

    [JsonStringEnumMemberName("generation")]
    Generation,
}

/// <summary>A model of <c>models/models.json</c>: where it is, and which of its files are needed.</summary>
/// <param name="Name">By which it is pulled and chosen; also its folder's name.</param>
/// <param name="About">A few words for the reader, by language.</param>
/// <param name="Repository">On the Hub, <c>owner/name</c>.</param>
/// <param name="Revision">A commit that was seen to work, or a branch.</param>
/// <param name="Files">Paths, or patterns with <c>*</c> for any characters (<c>/</c> too); each must match a file.</param>
/// <param name="OptionalFiles">Taken where they are there.</param>
/// <param name="DownloadBytes">About how much is downloaded; null where it was not seen. The Hub says exactly.</param>
/// <param name="MemoryBytes">About what must be free to load it (1.5 times the weights and 256 MiB, see <see cref="Inference.ModelMemory"/>); null where it was not seen.</param>
/// <param name="Licence">Null where the repository states none.</param>
/// <param name="LicenceUrl">Its text.</param>
/// <param name="Prompts">Prefixes that the repository itself does not name; written into the folder.</param>
/// <param name="IsUntried">Nobody has run these very files with this program: names and sizes are those that others state in public.</param>
/// <param name="IsNonCommercial">Its licence forbids commercial use.</param>
public sealed record CatalogueModel(
    string Name,
    ModelKind Kind,
    IReadOnlyDictionary<string, string> About,
    string Repository,
    string Revision,
    IReadOnlyList<string> Files,
    IReadOnlyList<string> OptionalFiles,
    long? DownloadBytes,
    long? MemoryBytes,
    string? Licence,
    Uri? LicenceUrl,
    IReadOnlyDictionary<string, string>? Prompts = null,
    bool IsUntried = false,
    bool IsNonCommercial = false)
{
    /// <summary>Whether a file of the repository is one of the model's.</summary>
    public bool Wants(string path) => Files.Concat(OptionalFiles).Any(pattern => Matches(pattern, path));

    /// <summary>The needed files that are not among those offered.</summary>
    public IEnumerable<string> Missing(IReadOnlyCollection<string> offered) => Files.Where(pattern => !offered.Any(path => Matches(pattern, path)));

    private static bool Matches(string pattern, string path) => FileSystemName.MatchesSimpleExpression(pattern, path, ignoreCase: false);
}
