using System.Net;
using System.Text.Json;
using AngleSharp.Dom;
using Pybo.Tests.Pages;
using Pybo.Tests.Pages.Documents;
using Pybo.Tests.Pages.Terminal;

namespace Pybo.Tests.Attacks;

/// <summary>
/// A visitor and a member try to learn which words a hidden document holds. They post baits: invented words whose counts they know, so
/// that one more occurrence, in the hidden document, changes which terms of a question are searched (sixteen at most, the rarest), or a term's
/// weight. Then they ask for the baits with the word in question, and look at the hits, their order, and the answer.
/// </summary>
/// <remarks>
/// 132 words, half of which the hidden documents hold. The attacker asks for each of them twice, before and after the documents are uploaded, which is
/// more than a real one can do, and judges in two ways: by whether the answer changed, and by the second answer alone with a rule learnt from the
/// attacker's own words. If hidden text changes nothing, the two answers are the same and the attacker is right as often as a coin.
/// </remarks>
public sealed class WordProbingTests
{
    private const int Seed = 1129;
    private const int WordLength = 9;
    private const int WordsPerPost = 16;
    private const int BaitCopies = 2;
    private const int VisitorSearches = 40;
    private const int VisitorWeights = 20;
    private const int VisitorSimilar = 24;
    private const int MemberSearches = 36;
    private const int MemberChats = 12;
    private const int Probes = VisitorSearches + VisitorWeights + VisitorSimilar + MemberSearches + MemberChats;

    /// <summary>The most judgements that may be right: chance plus its own variation over 132.</summary>
    private const double RightMax = 0.6;

    private const string Filler = "이 글은 낱말을 찾는 연습을 하려고 쓴 글이라서 다른 뜻은 아무것도 없다고 보아도 좋다.";
    private const string Asked = "이 글은 낱말을 찾는 연습을 하려고 쓴 글인가요?";

    private readonly Random random = new(Seed);

    [Fact]
    public async Task The_words_of_a_hidden_document_cannot_be_probed()
    {
        await using var site = new PyboSite();
        (await site.SignUpAsync("주인장")).Http.Dispose();
        var (victim, attacker, visitor) = (await site.SignUpAsync("피해자"), await site.SignUpAsync("공격자"), site.Visit());
        var (baits, controls, words) = (Invent('a', WordsPerPost), Invent('b', WordsPerPost - 1), Invent('z', Probes));
        await BaitAsync(attacker, baits, controls, words);
        await IndexedAsync(site);

        var probes = Plan(words, visitor, attacker, baits, controls);
        var before = await AskAsync(probes);
        var asked = probes.First(p => p.IsHeld && p.Surface == Surface.MemberSearch).Word;
        var terminalBefore = await TerminalAsync(site, baits, asked);

        // The member may read documents for members, so these are uploaded after the member has asked.
        await HideAsync(site, victim, "own", probes, 0);
        var after = await AskAsync(probes.Where(p => !p.IsVisitors));
        var terminalAfter = await TerminalAsync(site, baits, asked);
        await HideAsync(site, victim, "members", probes, 1);
        foreach (var (probe, answer) in await AskAsync(probes.Where(p => p.IsVisitors)))
        {
            after.Add(probe, answer);
        }

        var right = probes.GroupBy(p => p.Surface).Select(g => (Surface: g.Key, Count: g.Count(),
            ByChange: g.Average(p => (after[p] != before[p]) == p.IsHeld ? 1.0 : 0.0), Alone: AloneShare([.. g], before, after))).ToList();
        var (byChange, alone) = (right.Sum(r => r.ByChange * r.Count) / Probes, right.Sum(r => r.Alone * r.Count) / Probes);
        Assert.True(byChange <= RightMax && alone <= RightMax,
            $"{byChange:P1} right by the change, {alone:P1} by one answer; {string.Join("; ", right.Select(r => $"{r.Surface}: {r.ByChange:P1}, {r.Alone:P1}"))}");

        // Scores too; only the command line shows them.
        Assert.Equal(terminalBefore, terminalAfter);
        Assert.Equal(Probes, probes.Count);
        Assert.Equal(Probes / 2, probes.Count(p => p.IsHeld));
        Assert.All(before.Values, answer => Assert.NotEmpty(answer.Shown));
    }

    private enum Surface
    {
        VisitorSearch,
        VisitorWeight,
        VisitorSimilar,
        MemberSearch,
        MemberChat,
    }

    /// <summary>A word, and the way the attacker asks for it.</summary>
    private sealed record Probe(int Number, string Word, bool IsHeld, Surface Surface, Func<Task<Answer>> AskAsync)
    {
        public bool IsVisitors => Surface is Surface.VisitorSearch or Surface.VisitorWeight or Surface.VisitorSimilar;
    }

    /// <summary>The part that the attacker sees.</summary>
    /// <param name="Shown">All of it, as displayed.</param>
    /// <param name="Place">The rank among the hits of the attacker's post that holds the word, from 0; a high number if it was not found.</param>
    private sealed record Answer(string Shown, int Place);

    private static List<Probe> Plan(List<string> words, Visitor visitor, Visitor member, List<string> baits, List<string> controls)
    {
        var surfaces = Enumerable.Repeat(Surface.VisitorSearch, VisitorSearches).Concat(Enumerable.Repeat(Surface.VisitorWeight, VisitorWeights))
            .Concat(Enumerable.Repeat(Surface.VisitorSimilar, VisitorSimilar)).Concat(Enumerable.Repeat(Surface.MemberSearch, MemberSearches)).Concat(Enumerable.Repeat(Surface.MemberChat, MemberChats)).ToList();
        return [.. words.Select((word, n) => new Probe(n, word, n % 2 == 0, surfaces[n], () => surfaces[n] switch
        {
            Surface.VisitorSearch => SearchAsync(visitor, baits, word),
            Surface.VisitorWeight => SearchAsync(visitor, controls, word),
            Surface.VisitorSimilar => SimilarAsync(visitor, baits, word),
            Surface.MemberSearch => SearchAsync(member, baits, word),
            _ => ChatAsync(member, baits, word),
        }))];
    }

    private static async Task<Dictionary<Probe, Answer>> AskAsync(IEnumerable<Probe> probes)
    {
        var answers = new Dictionary<Probe, Answer>();
        foreach (var probe in probes)
        {
            answers.Add(probe, await probe.AskAsync());
        }

        return answers;
    }

    private static async Task<Answer> SearchAsync(Visitor reader, List<string> others, string word)
    {
        var page = await reader.SeeAsync($"/search?q={string.Join('+', others)}+{word}");
        return Seen(page.QuerySelectorAll("ol.results > li"), word);
    }

    private static async Task<Answer> SimilarAsync(Visitor reader, List<string> others, string word)
    {
        var page = await reader.SeeAsync($"/questions/similar?title={string.Join('+', others)}+{word}");
        return Seen(page.QuerySelectorAll("li"), word);
    }

    /// <summary>
    /// The answer, whether it is a refusal, and the sources in their order; without a script the form waits for the end. Every post contains
    /// the question's words, so that the post found first answers it.
    /// </summary>
    private static async Task<Answer> ChatAsync(Visitor member, List<string> others, string word)
    {
        using var asked = await member.PostFormAsync("/chat", [new("Input.Question", $"{string.Join(' ', others)} {word}. {Asked}")]);
        var page = await member.SeeAsync(asked.Headers.Location!.OriginalString.Split('#')[0]);
        return Seen(page.QuerySelectorAll(".turn-answer, .turn-note, .source"), word);
    }

    private static Answer Seen(IEnumerable<IElement> elements, string word)
    {
        var shown = elements.Select(e => string.Join(' ', e.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))).ToList();
        var place = shown.FindIndex(text => text.Contains(word, StringComparison.Ordinal));
        return new($"{shown.Count}\n{string.Join('\n', shown)}", place < 0 ? int.MaxValue : place);
    }

    /// <summary>Posts each bait twice, each control once, and each word in one title.</summary>
    private static async Task BaitAsync(Visitor attacker, List<string> baits, List<string> controls, List<string> words)
    {
        var posts = Enumerable.Repeat(baits, BaitCopies).SelectMany(copy => copy).Select((bait, n) => ($"미끼 {n} {bait}", Filler))
            .Concat(controls.Select((control, n) => ($"견줌 {n} {control}", Filler)))
            .Concat(words.Chunk(WordsPerPost).Select(some => (string.Join(' ', some), Filler)));
        foreach (var (at, (title, body)) in posts.Index())
        {
            // All are different: an answer leaves out a source that repeats another.
            using var posted = await attacker.PostFormAsync("/questions/ask", [new("Input.Title", title), new("Input.Body", $"{body} {at}번째로 쓴 글이다.")]);
            Assert.Equal(HttpStatusCode.Redirect, posted.StatusCode);
        }
    }

    /// <summary>Half of the words that one attacker asks for are put into a document for its owner or for members, every second one in a closed collection.</summary>
    private static async Task HideAsync(PyboSite site, Visitor victim, string audience, List<Probe> probes, int part)
    {
        var held = probes.Where(p => p.IsHeld && (audience == "own" || p.IsVisitors)).Select(p => p.Word).ToList();
        using var made = await victim.PostFormAsync("/documents/collections?handler=Create", [new("name", $"모음 {part}"), new("audience", audience)], page: "/documents/collections");
        var collection = made.Headers.Location!.OriginalString.Split("collection-")[1];
        var half = held.Count / 2;
        using var alone = await UploadTests.UploadAsync(victim, [new("audience", audience)], UploadTests.Text($"숨김 {part}.txt", string.Join(' ', held.Take(half))));
        using var gathered = await UploadTests.UploadAsync(victim, [new("audience", audience), new("collection", collection)], UploadTests.Text($"모은 것 {part}.txt", string.Join(' ', held.Skip(half))));
        await IndexedAsync(site);
    }

    private static Task IndexedAsync(PyboSite site) =>
        site.UntilCountAsync("select (select count(*) from Questions where IndexedAt is null) + (select count(*) from Documents where IndexedAt is null) = 0");

    /// <summary>The hits and answers of the command line, scores included: it reads as any member does, so members' documents are excluded here.</summary>
    private static async Task<string> TerminalAsync(PyboSite site, List<string> baits, string word)
    {
        var question = $"{string.Join(' ', baits)} {word}";
        var (found, hits, _) = await TestTerminal.RunOnAsync(site.DatabaseFile, "", "search", question, "--json");
        var (asked, answer, _) = await TestTerminal.RunOnAsync(site.DatabaseFile, "", "ask", question, "--json");
        Assert.Equal((0, 0), (found, asked));
        Assert.NotEqual(0, JsonElement.Parse(hits).GetArrayLength());
        return hits + answer;
    }

    /// <summary>
    /// Judges each answer by the rank of the word's own post alone. Every held word is judged twice, with the documents and without. Every fifth word
    /// is one that the attacker put into a document of a second account: those choose the rule, and the others test it.
    /// </summary>
    private static double AloneShare(IReadOnlyList<Probe> probes, Dictionary<Probe, Answer> before, Dictionary<Probe, Answer> after)
    {
        var held = probes.Where(p => p.IsHeld).ToList();
        var (own, others) = (held.Where(p => p.Number % 10 == 0).ToList(), held.Where(p => p.Number % 10 != 0).ToList());
        var places = own.SelectMany(p => new[] { before[p].Place, after[p].Place }).Distinct().Order();
        var learnt = places.SelectMany(place => new (int From, bool IsHeldBehind)[] { (place, true), (place, false) }).MaxBy(rule => Right(own, rule));
        return Right(others, learnt);

        double Right(List<Probe> judged, (int From, bool IsHeldBehind) rule) => judged.Average(p =>
            (((after[p].Place >= rule.From) == rule.IsHeldBehind ? 0.5 : 0) + ((before[p].Place >= rule.From) == rule.IsHeldBehind ? 0 : 0.5)));
    }

    private List<string> Invent(char first, int count)
    {
        var words = new HashSet<string>(StringComparer.Ordinal);
        while (words.Count < count)
        {
            words.Add(first + string.Concat(Enumerable.Range(1, WordLength - 1).Select(_ => (char)('c' + random.Next(20)))));
        }

        return [.. words];
    }
}
