using Pybo.Rag.Inference;

namespace Pybo.Tests.Rag.Inference;

public sealed class PromptLookupTests
{
    [Fact]
    public void Tokens_that_followed_the_same_tokens_in_the_prompt_are_drafted()
    {
        Assert.Equal([9, 4, 5], Drafted([7, 8, 9, 4, 5], [7, 8]));
        Assert.Equal([], Drafted([7, 8, 9, 4, 5], [3, 8])); // one token is not enough
        Assert.Equal([], Drafted([7, 8, 9, 4, 5], [8]));
        Assert.Equal([], Drafted([7, 8, 9, 4, 5], [4, 5])); // nothing follows
        Assert.Equal([], Drafted([], [4, 5]));
        Assert.Equal([], Drafted([4], [4, 4]));
        Assert.Equal([4], Drafted([4, 4, 4, 4], [4, 4])); // the latest place followed by a token
    }

    [Fact]
    public void The_longest_match_wins_then_the_latest_place()
    {
        int[] prompt = [1, 2, 3, 50, 9, 2, 3, 60, 9, 2, 3, 70, 8];

        Assert.Equal(70, Drafted(prompt, [2, 3])[0]);
        Assert.Equal(70, Drafted(prompt, [9, 2, 3])[0]);
        Assert.Equal(50, Drafted(prompt, [1, 2, 3])[0]);
        Assert.Equal(70, Drafted(prompt, [7, 2, 3])[0]);
    }

    [Fact]
    public void Drafts_equal_those_of_a_plain_search()
    {
        var random = new Random(3);
        var found = 0;
        for (var round = 0; round < 500; round++)
        {
            int[] prompt = [.. Enumerable.Range(0, random.Next(0, 80)).Select(_ => random.Next(4))];
            var lookup = new PromptLookup(prompt);
            List<int> answer = [];
            for (var token = 0; token < 30; token++)
            {
                // Long matches arise from copying, as in an answer that quotes.
                answer.Add(prompt.Length > 0 && random.Next(6) > 0 ? prompt[(round + token) % prompt.Length] : random.Next(4));
                lookup.Append(answer[^1]);
                var expected = PlainSearch(prompt, answer);

                Assert.Equal(expected, lookup.Draft().ToArray());
                found += expected.Length > 0 ? 1 : 0;
            }
        }

        Assert.InRange(found, 5_000, 14_999);
    }

    [Fact]
    public void Accepted_drafts_grow_and_refused_ones_shrink()
    {
        var lookup = After(Enumerable.Range(0, 100), [0, 1]);

        Assert.Equal(4, lookup.Draft().Length);
        lookup.Accepted(4, 4);
        Assert.Equal(8, lookup.Draft().Length);
        lookup.Accepted(8, 8);
        lookup.Accepted(16, 16);
        Assert.Equal(PromptLookup.DraftTokensMax, lookup.Draft().Length);
        lookup.Accepted(16, 2);
        Assert.Equal(3, lookup.Draft().Length);
        lookup.Accepted(0, 0); // no draft was verified
        Assert.Equal(3, lookup.Draft().Length);
        lookup.Accepted(3, 0);
        Assert.Equal(1, lookup.Draft().Length);
    }

    [Fact]
    public void Drafting_that_does_not_pay_ends()
    {
        var lookup = After(Enumerable.Range(0, 100), [0, 1]);
        lookup.Accepted(PromptLookup.TrialTokens - 1, 0);
        Assert.False(lookup.IsOff);

        lookup.Accepted(1, 0);

        Assert.True(lookup.IsOff);
        Assert.Equal(0, lookup.Draft().Length);
        lookup.Accepted(1, 1);
        Assert.True(lookup.IsOff);
    }

    [Fact]
    public void Drafting_that_barely_pays_continues_and_old_results_no_longer_count()
    {
        var lookup = After(Enumerable.Range(0, 100), [0, 1]);
        for (var draft = 0; draft < 100; draft++)
        {
            lookup.Accepted(20, (int)(20 * PromptLookup.AcceptanceMin) + 1);
        }

        Assert.False(lookup.IsOff);
        for (var draft = 0; draft < 3; draft++)
        {
            lookup.Accepted(20, 0);
        }

        Assert.True(lookup.IsOff);
    }

    [Fact]
    public void Impossible_figures_are_refused()
    {
        var lookup = new PromptLookup([1, 2, 3]);

        Assert.Throws<ArgumentOutOfRangeException>(() => lookup.Accepted(2, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => lookup.Accepted(2, -1));
    }

    [Fact]
    public void Only_the_latest_of_many_places_are_compared()
    {
        int[] prompt = [1, 2, 3, 50, .. Enumerable.Repeat<int[]>([9, 2, 3, 60], PromptLookup.PlacesMax - 1).SelectMany(x => x)];

        Assert.Equal(50, Drafted(prompt, [1, 2, 3])[0]);
        Assert.Equal(60, Drafted([.. prompt, 9, 2, 3, 60], [1, 2, 3])[0]);
    }

    [Fact]
    public void Only_the_end_of_a_long_prompt_is_searched()
    {
        int[] prompt = [-3, -2, -1, .. Enumerable.Range(0, PromptLookup.PromptTokensMax - 1)];

        Assert.Equal([], Drafted(prompt, [-3, -2]));
        Assert.Equal(1, Drafted(prompt, [-1, 0])[0]);
    }

    [Fact]
    public void A_token_allocates_nothing()
    {
        var lookup = After(Enumerable.Range(0, 2_000).Select(i => i % 50), [1, 2, 3]);
        Step(lookup, 4);

        Assert.Equal(0, Allocations.Least(() =>
        {
            for (var id = 0; id < 100; id++)
            {
                Step(lookup, id % 50);
            }
        }));
    }

    [Fact]
    public void A_verified_answer_is_the_same_and_takes_fewer_runs()
    {
        // A model that begins with its own sentence, then quotes the source.
        int[] source = [.. Enumerable.Range(0, 200).Select(i => (i * i) % 97)];
        int[] answer = [500, 501, 502, .. source[20..120], 503, 504, .. source[150..180]];
        var lookup = new PromptLookup([400, 401, .. source, 402]);
        List<int> written = [];
        var runs = 0;
        while (written.Count < answer.Length)
        {
            runs++;
            var draft = lookup.Draft();
            draft = draft[..Math.Min(draft.Length, answer.Length - written.Count - 1)];
            var accepted = draft.CommonPrefixLength(answer.AsSpan(written.Count));
            lookup.Accepted(draft.Length, accepted);
            foreach (var id in answer.AsSpan(written.Count, accepted + 1)) // the model itself chose the token after the draft
            {
                written.Add(id);
                lookup.Append(id);
            }
        }

        Assert.Equal(answer, written);
        Assert.InRange(runs, 1, answer.Length / 4);
    }

    private static void Step(PromptLookup lookup, int id)
    {
        lookup.Append(id);
        lookup.Accepted(lookup.Draft().Length, lookup.Draft().Length);
    }

    private static int[] Drafted(int[] prompt, int[] answer) => After(prompt, answer).Draft().ToArray();

    private static PromptLookup After(IEnumerable<int> prompt, int[] answer)
    {
        var lookup = new PromptLookup([.. prompt]);
        Array.ForEach(answer, lookup.Append);
        return lookup;
    }

    private static int[] PlainSearch(int[] prompt, List<int> answer)
    {
        for (var match = Math.Min(PromptLookup.MatchMax, answer.Count); match >= PromptLookup.MatchMin; match--)
        {
            for (var start = prompt.Length - match - 1; start >= 0; start--)
            {
                if (prompt.Skip(start).Take(match).SequenceEqual(answer.TakeLast(match)))
                {
                    return [.. prompt.Skip(start + match).Take(4)];
                }
            }
        }

        return [];
    }
}
