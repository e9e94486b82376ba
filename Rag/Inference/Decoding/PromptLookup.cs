using System.Numerics;

namespace Pybo.Rag.Inference;

/// <summary>Guesses the next tokens of an answer by looking up its last ones in the prompt: an answer from sources repeats stretches of them.</summary>
/// <remarks>
/// <para>
/// The place with the longest match is continued; of equally long ones the latest, because our prompts end with the sources. Only places that
/// share a hash of two tokens are compared, at most <see cref="PlacesMax"/> of them. What is guessed must be verified with the model: only then
/// is the answer what it would have been without.
/// </para>
/// <para>
/// A draft that is accepted whole doubles the length of the next; another one sets it to what was accepted and one more. When of the last drafts
/// less than <see cref="AcceptanceMin"/> is accepted, guessing ends for this answer. Only the constructor allocates. For one answer, one thread
/// at a time. The idea is Apoorv Saxena's (prompt lookup decoding, 2023).
/// </para>
/// </remarks>
/// <example><code>
/// var lookup = new PromptLookup([7, 8, 9, 4, 5]);
/// lookup.Append(7);
/// lookup.Append(8);
/// lookup.Draft();          // 9 4 5
/// lookup.Accepted(3, 1);   // the model said 9 and then something else; both are appended, too
/// </code></example>
internal sealed class PromptLookup
{
    /// <summary>Ids of a prompt that are looked at; of a longer one its end. Takes 16 to 20 bytes for each.</summary>
    public const int PromptTokensMax = 1 << 16;

    /// <summary>A draft is never longer.</summary>
    public const int DraftTokensMax = 16;

    /// <summary>One equal token says nothing of what follows.</summary>
    public const int MatchMin = 2;

    /// <summary>Places are not told apart by more equal tokens.</summary>
    public const int MatchMax = 16;

    /// <summary>Places that are compared for one draft.</summary>
    public const int PlacesMax = 64;

    /// <summary>The share of drafted tokens that must be right: about what a token more in a run costs of a run for itself (Gemma 3 270M, 2 cores: .3 to .45).</summary>
    public const double AcceptanceMin = 0.4;

    /// <summary>Tokens drafted before acceptance is judged.</summary>
    public const int TrialTokens = 24;

    private const int DraftTokensFirst = 4;

    /// <summary>What a draft still counts when the next one does: about the last ten count.</summary>
    private const double Memory = 0.9;

    private const int None = -1;

    private readonly int[] prompt;
    private readonly int[] latest; // by hash: where two tokens end
    private readonly int[] earlier; // by place: the one before it with the same hash
    private readonly int[] recent = new int[MatchMax]; // the answer's last tokens, the newest at the end
    private int recentCount;
    private int draftTokens = DraftTokensFirst;
    private int triedTokens;
    private double drafted;
    private double accepted;

    /// <param name="prompt">The ids of the whole prompt.</param>
    public PromptLookup(ReadOnlySpan<int> prompt)
    {
        this.prompt = prompt[^Math.Min(prompt.Length, PromptTokensMax)..].ToArray();
        earlier = new int[this.prompt.Length];
        latest = new int[BitOperations.RoundUpToPowerOf2((uint)this.prompt.Length + 2)];
        Array.Fill(latest, None);
        for (var end = MatchMin - 1; end < this.prompt.Length - 1; end++) // the last token has nothing after it
        {
            ref var head = ref latest[Hash(this.prompt[end - 1], this.prompt[end])];
            (earlier[end], head) = (head, end);
        }
    }

    /// <summary>Guessing did not pay, so there are no more drafts.</summary>
    public bool IsOff { get; private set; }

    /// <summary>What may come next; often nothing. Valid as long as this object, and to be cut as one likes.</summary>
    public ReadOnlySpan<int> Draft()
    {
        if (IsOff || recentCount < MatchMin)
        {
            return [];
        }

        var (best, bestMatch) = (None, MatchMin - 1);
        var place = latest[Hash(recent[^2], recent[^1])];
        for (var compared = 0; place != None && bestMatch < MatchMax && compared < PlacesMax; compared++)
        {
            if (MatchAt(place) is var match && match > bestMatch)
            {
                (best, bestMatch) = (place, match);
            }

            place = earlier[place];
        }

        return best == None ? [] : prompt.AsSpan(best + 1, Math.Min(draftTokens, prompt.Length - best - 1));
    }

    /// <summary>Tells how a draft did, right after it was verified.</summary>
    /// <param name="drafted">Tokens of it that were verified.</param>
    /// <param name="accepted">Those of them, from the first on, that the model would have chosen.</param>
    public void Accepted(int drafted, int accepted)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(accepted);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(accepted, drafted);
        if (drafted == 0)
        {
            return;
        }

        draftTokens = Math.Min(accepted == drafted ? draftTokens * 2 : accepted + 1, DraftTokensMax);
        triedTokens += drafted;
        this.drafted = (this.drafted * Memory) + drafted;
        this.accepted = (this.accepted * Memory) + accepted;
        IsOff |= triedTokens >= TrialTokens && this.accepted < AcceptanceMin * this.drafted;
    }

    /// <summary>Tells a token of the answer, guessed or not.</summary>
    public void Append(int id)
    {
        recent.AsSpan(1).CopyTo(recent);
        recent[^1] = id;
        recentCount = Math.Min(recentCount + 1, MatchMax);
    }

    /// <summary>How many tokens up to a place of the prompt equal the answer's last ones.</summary>
    private int MatchAt(int place)
    {
        var match = 0;
        while (match < recentCount && match <= place && prompt[place - match] == recent[^(match + 1)])
        {
            match++;
        }

        return match;
    }

    private uint Hash(int first, int second) => unchecked((((uint)first * 0x9E3779B1) ^ (uint)second) * 0x85EBCA77) >> (32 - BitOperations.Log2((uint)latest.Length));
}
