using Pybo.Data;

namespace Pybo.Rag.Chat;

/// <summary>Builds the address, within the site, of a passage's exact place; the pages know it.</summary>
public delegate string SourceAddress(PassageHit hit);

/// <summary>A numbered source of an answer.</summary>
/// <param name="Number">From 1, as in the answer's <c>[n]</c>.</param>
/// <param name="Passage">The text the generator reads; neighbouring passages may be joined into it.</param>
/// <param name="Url">The exact place on this site.</param>
/// <param name="Source">The file's path as ingested, or the post's address.</param>
public sealed record ChatSource(int Number, PassageHit Passage, string Url, string Source);
