using System.Text.Json.Serialization;
using Pybo.Rag.Ingestion;
using Pybo.Rag.Models;

namespace Pybo.Pages.Terminal;

/// <summary>A found passage, as <c>search --json</c> prints it.</summary>
/// <param name="Kind"><c>question</c>, <c>answer</c> or <c>document</c>.</param>
/// <param name="Source">The file's path as ingested, or the post's address.</param>
/// <param name="Url">The exact place on the site: a path, since the command line knows no host.</param>
internal sealed record FoundPassage(string Kind, string Source, string Title, string Snippet, string Url, double Score);

/// <summary>The output of <c>ask --json</c>.</summary>
/// <param name="Model">The generator; <c>extractive</c> is the built-in answerer.</param>
/// <param name="FirstTokenMs">From the start of the generation until its first token; null if nothing was generated.</param>
/// <param name="TokensPerSecond">After the first token, to one decimal; null if nothing was generated.</param>
internal sealed record AnsweredQuestion(string Answer, bool Refused, string Model, int? FirstTokenMs, double? TokensPerSecond, IReadOnlyList<AnswerCitation> Citations);

/// <param name="N">The number in the answer's <c>[n]</c>.</param>
/// <inheritdoc cref="FoundPassage"/>
internal sealed record AnswerCitation(int N, string Source, string Title, string Quote, string Url);

/// <summary>The output of <c>ingest --json</c>: counts, and the files that need a look.</summary>
/// <param name="Indexed">Sources made searchable by this run, including those of an interrupted earlier one.</param>
/// <param name="Gone">Documents whose file is gone: removed with <c>--prune</c>.</param>
internal sealed record IngestedFolder(
    int New, int Changed, int Unchanged, int Indexed, IReadOnlyList<FileProblem> Skipped, IReadOnlyList<FileProblem> Failed, IReadOnlyList<FileProblem> Empty, IReadOnlyList<FileProblem> Warnings,
    IReadOnlyList<string> Gone);

/// <summary>A model, as <c>models list --json</c> prints it.</summary>
/// <param name="State"><c>available</c>, <c>incomplete</c> or <c>installed</c>.</param>
/// <param name="Folder">Its folder; null if it is not installed.</param>
/// <param name="Bytes">On the disk, or to be downloaded.</param>
/// <param name="MemoryBytes">The approximate free memory needed to load it; null if unknown.</param>
/// <param name="Untried">Not tried with this program yet.</param>
/// <param name="NonCommercial">Its licence forbids commercial use.</param>
internal sealed record ListedModel(
    string Name, ModelKind Kind, string State, string? Folder, long? Bytes, long? MemoryBytes, string? Repository, string? Commit, string? Licence, string? LicenceUrl, bool Untried, bool NonCommercial);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(IReadOnlyList<FoundPassage>))]
[JsonSerializable(typeof(AnsweredQuestion))]
[JsonSerializable(typeof(IngestedFolder))]
[JsonSerializable(typeof(IReadOnlyList<ListedModel>))]
internal sealed partial class TerminalJson : JsonSerializerContext;
