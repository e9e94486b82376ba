using System.Diagnostics;

namespace Pybo.Rag.Inference;

/// <summary>The figures of one generation, for display of its speed.</summary>
public sealed class GenerationFigures
{
    private readonly long started = Stopwatch.GetTimestamp();
    private long firstAt;

    /// <summary>Tokens of the prompt.</summary>
    public int PromptTokens { get; internal set; }

    /// <summary>Tokens of the prompt that were cached from an earlier one.</summary>
    public int CachedTokens { get; internal set; }

    /// <summary>Tokens chosen, a stop id included.</summary>
    public int OutputTokens { get; internal set; }

    /// <summary>Tokens that drafts proposed, and how many of them were accepted.</summary>
    public (int Proposed, int Accepted) Drafts { get; internal set; }

    /// <summary>Time from the start until the first token was chosen.</summary>
    public TimeSpan FirstToken { get; internal set; }

    /// <summary>Time from the first token to the last.</summary>
    public TimeSpan Decoding { get; internal set; }

    /// <summary>Tokens per second after the first; null until there are two.</summary>
    public double? TokensPerSecond => OutputTokens > 1 && Decoding > TimeSpan.Zero ? (OutputTokens - 1) / Decoding.TotalSeconds : null;

    /// <summary>Counts a chosen token and the time it took.</summary>
    internal void CountToken()
    {
        OutputTokens++;
        if (firstAt == 0)
        {
            firstAt = Stopwatch.GetTimestamp();
            FirstToken = Stopwatch.GetElapsedTime(started, firstAt);
        }

        Decoding = Stopwatch.GetElapsedTime(firstAt);
    }
}
