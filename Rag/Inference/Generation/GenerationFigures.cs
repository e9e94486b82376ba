namespace Pybo.Rag.Inference;

/// <summary>What one generation did, for whoever shows its speed.</summary>
public sealed class GenerationFigures
{
    /// <summary>Tokens of the prompt.</summary>
    public int PromptTokens { get; internal set; }

    /// <summary>Of them, those that were remembered from an earlier prompt.</summary>
    public int CachedTokens { get; internal set; }

    /// <summary>Tokens chosen, a stop id included.</summary>
    public int OutputTokens { get; internal set; }

    /// <summary>Tokens that drafts proposed, and those of them that were right.</summary>
    public (int Proposed, int Accepted) Drafts { get; internal set; }

    /// <summary>From the start until the first token was chosen.</summary>
    public TimeSpan FirstToken { get; internal set; }

    /// <summary>From the first token to the last.</summary>
    public TimeSpan Decoding { get; internal set; }

    /// <summary>Tokens after the first for each second; null until there are two.</summary>
    public double? TokensPerSecond => OutputTokens > 1 && Decoding > TimeSpan.Zero ? (OutputTokens - 1) / Decoding.TotalSeconds : null;
}
