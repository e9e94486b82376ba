using System.IO.Enumeration;
using System.Text.Json.Serialization;

namespace Pybo.Rag.Models;

/// <summary>The purpose of a model.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ModelKind>))]
public enum ModelKind
{
    [JsonStringEnumMemberName("embedding")]
    Embedding,

    [JsonStringEnumMemberName("generation")]
    Generation,
}

/// <summary>A model of <c>models/models.json</c>: its source and the files it needs.</summary>
/// <param name="Name">Used to pull and choose it; also its folder's name.</param>
/// <param name="About">A short description for the reader, by language.</param>
/// <param name="Repository">The repository on the Hub, <c>owner/name</c>.</param>
/// <param name="Revision">A commit known to work, or a branch.</param>
/// <param name="Files">Paths, or patterns with <c>*</c> for any characters (<c>/</c> too); each must match a file.</param>
/// <param name="OptionalFiles">Downloaded if they exist.</param>
/// <param name="DownloadBytes">Approximate download size; null if unknown. The Hub gives the exact size.</param>
/// <param name="MemoryBytes">Approximate free memory needed to load it (1.5 times the weights and 256 MiB, see <see cref="Inference.ModelMemory"/>); null if
/// unknown.</param>
/// <param name="Licence">Null if the repository states none.</param>
/// <param name="LicenceUrl">The address of the licence's text.</param>
/// <param name="Prompts">Prefixes that the repository does not name itself; written into the folder.</param>
/// <param name="IsUntried">These exact files have not been run with this program; names and sizes are from public statements by others.</param>
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
    /// <summary>Whether the model uses a file of the repository.</summary>
    public bool Wants(string path) => Files.Concat(OptionalFiles).Any(pattern => Matches(pattern, path));

    /// <summary>Returns the required files that are not offered.</summary>
    public IEnumerable<string> Missing(IReadOnlyCollection<string> offered) => Files.Where(pattern => !offered.Any(path => Matches(pattern, path)));

    private static bool Matches(string pattern, string path) => FileSystemName.MatchesSimpleExpression(pattern, path, ignoreCase: false);
}
