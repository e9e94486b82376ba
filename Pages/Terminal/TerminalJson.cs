using System.Text.Json.Serialization;
using Pybo.Rag.Ingestion;

namespace Pybo.Pages.Terminal;

/// <summary>A passage that was found, as <c>search --json</c> prints it.</summary>
/// <param name="Kind"><c>question</c>, <c>answer</c> or <c>document</c>.</param>
/// <param name="Source">The file's path as ingested, or the post's address.</param>
/// <param name="Url">The exact place on the site: a path, since the command line knows no host.</param>
internal sealed record FoundPassage(string Kind, string Source, string Title, string Snippet, string Url, double Score);

/// <summary>What <c>ask --json</c> prints.</summary>
/// <param name="Model">What answered; <c>extractive</c> is the built-in answerer.</param>
/// <param name="FirstTokenMs">From the start of the generation until its first token; null where nothing was generated.</param>
/// <param name="TokensPerSecond">After the first token, to one decimal; null with it.</param>
internal sealed record AnsweredQuestion(string Answer, bool Refused, string Model, int? FirstTokenMs, double? TokensPerSecond, IReadOnlyList<AnswerCitation> Citations);

/// <param name="N">The number in the answer's <c>[n]</c>.</param>
/// <inheritdoc cref="FoundPassage"/>
internal sealed record AnswerCitation(int N, string Source, string Title, string Quote, string Url);

/// <summary>What <c>ingest --json</c> prints: counts, and what was not taken.</summary>
/// <param name="Indexed">Sources made searchable by this run, those of an earlier one that was cut off included.</param>
internal sealed record IngestedFolder(int New, int Changed, int Unchanged, int Indexed, IReadOnlyList<FileProblem> Skipped, IReadOnlyList<FileProblem> Failed);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(IReadOnlyList<FoundPassage>))]
[JsonSerializable(typeof(AnsweredQuestion))]
[JsonSerializable(typeof(IngestedFolder))]
internal sealed partial class TerminalJson : JsonSerializerContext;
