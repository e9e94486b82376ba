using System.Text.Json.Serialization;

namespace Pybo.Rag.Models;

/// <summary>A file of a repository at one commit, or of a folder on disk.</summary>
/// <param name="Path">A relative path with <c>/</c>, safe to join to a folder.</param>
/// <param name="SizeBytes">The exact size.</param>
/// <param name="Hash">See <see cref="ContentHash"/>.</param>
public sealed record HubFile(string Path, long SizeBytes, string Hash);

/// <summary>The wanted files of a repository at one commit.</summary>
public sealed record HubListing(string Repository, string Commit, IReadOnlyList<HubFile> Files);

/// <summary>Checks paths from external sources.</summary>
internal static class HubPath
{
    private const int CharactersMax = 500;

    // Characters that Windows refuses or treats as a drive or a stream; no model's file needs them.
    private const string Refused = "\\:*?\"<>|";

    /// <summary>Whether a path stays inside the folder it is joined to, on every system, and does not replace one of our own files.</summary>
    public static bool IsSafe(string path) =>
        path.Length is > 0 and <= CharactersMax
        && !path.Any(c => char.IsControl(c) || Refused.Contains(c, StringComparison.Ordinal))
        && path.Split('/').All(part => part.Length > 0 && part[^1] is not ('.' or ' ') && part[0] != ' ')
        && !ModelFiles.IsOwn(path);
}

/// <summary>One entry of the Hub's <c>tree</c>.</summary>
/// <param name="Oid">The git blob's SHA-1; the pointer's if <paramref name="Lfs"/> is present.</param>
internal sealed record HubTreeEntry(string Type, string Path, long Size = 0, string? Oid = null, HubTreeLfs? Lfs = null);

/// <param name="Oid">The content's SHA-256.</param>
internal sealed record HubTreeLfs(string Oid, long Size);

internal sealed record HubRevision(string Sha);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(HubTreeEntry[]))]
[JsonSerializable(typeof(HubRevision))]
internal sealed partial class HubJson : JsonSerializerContext;
