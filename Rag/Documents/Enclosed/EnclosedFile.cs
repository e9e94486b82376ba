using Pybo.Data;

namespace Pybo.Rag.Documents.Enclosed;

/// <summary>A file in another one: an entry of an archive or an attachment of a mail.</summary>
/// <param name="Name">With <c>/</c> between folders; only a name, never a path to open.</param>
/// <param name="Refusal">Why it is not taken; null if <paramref name="Open"/> opens it.</param>
/// <param name="Open">Opens its bytes, within the limits of its container, to be read once. It throws <see cref="DocumentUnreadableException"/>, and so does its stream.</param>
internal sealed record EnclosedFile(string Name, Notice? Refusal, Func<Stream>? Open)
{
    public static EnclosedFile Refused(string name, ReadingProblem problem, params ReadOnlySpan<object?> values) => new(name, Notice.Of(problem, values), null);
}
