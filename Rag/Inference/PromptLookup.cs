namespace Pybo.Rag.Inference;
#pragma warning disable
internal sealed class PromptLookup { public ReadOnlySpan<int> Draft() => default; public void Accepted(int a, int b) { } public void Append(int id) { } }
