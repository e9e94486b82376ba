using System.Numerics;

namespace Pybo.Rag.Inference;

/// <summary>Drafts the next tokens of an answer by looking up its last ones in the prompt: an answer from sources repeats stretches of them.</summary>
/// <remarks>
/// <para>
/// Continues the place with the longest match, and the latest of equally long ones, because our prompts end with the sources. Only places that share
/// a hash of two tokens are compared, at most <see cref="PlacesMax"/> of them. The model must verify every draft: only then is the answer the same as
/// without drafts.
/// </para>
/// <para>
/// A fully accepted draft doubles the length of the next; any other sets it to the accepted length plus one. If less than <see cref="AcceptanceMin"/>
/// of the recent drafts is accepted, drafting ends for this answer. Only the constructor allocates. For one answer, one thread at a time. The idea is
/// Apoorv Saxena's (prompt lookup decoding, 2023).
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
    /// <summary>Maximum prompt ids searched; only the end of a longer prompt counts. Takes 16 to 20 bytes per id.</summary>
    public const int PromptTokensMax = 1 << 16;

    /// <summary>Maximum length of a draft.</summary>
    public const int DraftTokensMax = 16;

    /// <summary>One equal token does not predict what follows.</summary>
    public const int MatchMin = 2;

    /// <summary>Longer matches are not told apart.</summary>
    public const int MatchMax = 16;

    /// <summary>Places compared for one draft.</summary>
    public const int PlacesMax = 64;

    /// <summary>The share of drafted tokens that must be right: about the cost of one more token in a run, relative to a run of its own (Gemma 3 270M, 2 cores:
    /// .3 to .45).</summary>
    public const double AcceptanceMin = 0.4;

    /// <summary>Tokens drafted before acceptance is judged.</summary>
    public const int TrialTokens = 24;

    private const int DraftTokensFirst = 4;

    /// <summary>The weight a draft keeps when the next one is counted: about the last ten matter.</summary>
    private const double Memory = 0.9;

    private const int None = -1;

    private readonly int[] prompt;
    private readonly int[] latest; // by hash: where two tokens end
    private readonly int[] earlier; // by place: the previous one with the same hash
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
        for (var end = MatchMin - 1; end < this.prompt.Length - 1; end++) // nothing follows the last token
        {
            ref var head = ref latest[Hash(this.prompt[end - 1], this.prompt[end])];
            (earlier[end], head) = (head, end);
        }
    }

    /// <summary>True once drafting did not pay off; there are no more drafts.</summary>
    public bool IsOff { get; private set; }

    /// <summary>Returns a draft of the next tokens, often empty. Valid for this object's lifetime; the caller may shorten it.</summary>
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

    /// <summary>Reports how a draft did, right after it was verified.</summary>
    /// <param name="drafted">How many of its tokens were verified.</param>
    /// <param name="accepted">How many of those, from the first on, the model would have chosen.</param>
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

    /// <summary>Adds a token of the answer, drafted or not.</summary>
    public void Append(int id)
    {
        recent.AsSpan(1).CopyTo(recent);
        recent[^1] = id;
        recentCount = Math.Min(recentCount + 1, MatchMax);
    }

    /// <summary>Counts the tokens up to a place of the prompt that equal the answer's last ones.</summary>
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
