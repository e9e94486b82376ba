using System.Text.Json.Serialization;

namespace Pybo.Rag.Models;

/// <summary>A file of a repository at one commit, or of a folder on disk.</summary>
/// <param name="Path">Relative, with <c>/</c>; safe to join to a folder.</param>
/// <param name="SizeBytes">Exactly.</param>
/// <param name="Hash">See <see cref="ContentHash"/>.</param>
public sealed record HubFile(string Path, long SizeBytes, string Hash);

/// <summary>What is wanted of a repository, and the commit it is of.</summary>
public sealed record HubListing(string Repository, string Commit, IReadOnlyList<HubFile> Files);

/// <summary>Paths that others name.</summary>
internal static class HubPath
{
    private const int CharactersMax = 500;

    // What Windows refuses or reads as a drive or a stream; no model's file needs them.
    private const string Refused = "\\:*?\"<>|";

    /// <summary>Whether it stays inside the folder it is joined to, on every system, and takes the place of none of our own files.</summary>
    public static bool IsSafe(string path) =>
        path.Length is > 0 and <= CharactersMax
        && !path.Any(c => char.IsControl(c) || Refused.Contains(c, StringComparison.Ordinal))
        && path.Split('/').All(part => part.Length > 0 && part[^1] is not ('.' or ' ') && part[0] != ' ')
        && !ModelFiles.IsOwn(path);
}

/// <summary>One entry of the Hub's <c>tree</c>.</summary>
/// <param name="Oid">The git blob's SHA-1; of the pointer where <paramref name="Lfs"/> is there.</param>
internal sealed record HubTreeEntry(string Type, string Path, long Size = 0, string? Oid = null, HubTreeLfs? Lfs = null);

/// <param name="Oid">The content's SHA-256.</param>
internal sealed record HubTreeLfs(string Oid, long Size);

internal sealed record HubRevision(string Sha);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(HubTreeEntry[]))]
[JsonSerializable(typeof(HubRevision))]
internal sealed partial class HubJson : JsonSerializerContext;
