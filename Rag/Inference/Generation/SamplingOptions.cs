using Microsoft.Extensions.AI;

namespace Pybo.Rag.Inference;

/// <summary>How the next token is chosen from logits. An option that is left out has no effect.</summary>
internal sealed record SamplingOptions
{
    /// <summary>Hugging Face's default if a generation_config.json that samples names no top_k.</summary>
    private const int TopKDefault = 50;

    /// <summary>Far above it every id is equally likely.</summary>
    public const float TemperatureMax = 100;

    /// <summary>Divides the logits; 0 always takes the best.</summary>
    public float Temperature { get; init; } = 1;

    /// <summary>Keeps only this many of the best; 0 keeps all.</summary>
    public int TopK { get; init; }

    /// <summary>Keeps the fewest of those, best first, whose probabilities together reach this share; at least one.</summary>
    public float TopP { get; init; } = 1;

    /// <summary>Keeps those that are at least this share as probable as the best.</summary>
    public float MinP { get; init; }

    /// <summary>Divides the positive logits of ids that occurred and multiplies the negative ones; above 1 it makes them less likely.</summary>
    public float RepetitionPenalty { get; init; } = 1;

    /// <summary>The same seed draws the same tokens from the same logits, on every platform; null draws different ones each time.</summary>
    public long? Seed { get; init; }

    /// <summary>Returns the caller's options, with the makers' recommendation for those left out.</summary>
    /// <remarks>A requested temperature counts even if the makers do not sample.</remarks>
    public static SamplingOptions Of(ChatOptions? asked, SamplingDefaults defaults) => new()
    {
        Temperature = asked?.Temperature ?? (defaults.DoSample ? defaults.Temperature ?? 1 : 0),
        TopK = asked?.TopK ?? defaults.TopK ?? TopKDefault,
        TopP = asked?.TopP ?? defaults.TopP ?? 1,
        MinP = defaults.MinP ?? 0,
        RepetitionPenalty = defaults.RepetitionPenalty ?? 1,
        Seed = asked?.Seed,
    };

    /// <exception cref="ArgumentOutOfRangeException">A value is out of range.</exception>
    public void Validate()
    {
        Require(Temperature is >= 0 and <= TemperatureMax, nameof(Temperature), Temperature, $"between 0 and {TemperatureMax}");
        Require(TopK >= 0, nameof(TopK), TopK, "0 (off) or more");
        Require(TopP is >= 0 and <= 1, nameof(TopP), TopP, "between 0 and 1");
        Require(MinP is >= 0 and <= 1, nameof(MinP), MinP, "between 0 and 1");
        Require(RepetitionPenalty > 0 && float.IsFinite(RepetitionPenalty), nameof(RepetitionPenalty), RepetitionPenalty, "above 0");
    }

    private static void Require(bool holds, string name, float value, string allowed)
    {
        if (!holds)
        {
            throw new ArgumentOutOfRangeException(name, value, $"{name} must be {allowed}.");
        }
    }
}
