using System.Text;
using Pybo.Data;

namespace Pybo.Rag.Retrieval;

/// <summary>
/// Rewrites the words of a question that no passage of the reader contains, if it is clear what was meant: words typed with the keyboard set to English
/// (<c>ehtjrhks</c> is 도서관), and misspelt ones (<c>슈습</c> is 수습).
/// </summary>
/// <remarks>
/// A misspelt syllable is one whose bigrams are all unknown; it is replaced only by a likely one (<see cref="TypingErrors"/>) if a passage of the reader writes it with its neighbours. Other passages
/// are never asked for, so a rewritten word tells nothing about them.
/// </remarks>
internal static class Respelling
{
    /// <summary>A shorter Latin word is more likely a word of its own.</summary>
    private const int KeysMin = 4;

    private const int KeyedSyllablesMin = 2;

    /// <summary>Longer runs are sentences without spaces.</summary>
    private const int MisspeltSyllablesMax = 12;

    /// <summary>The neighbours of a replaced syllable that some text must write with it; most words are no longer, and a compound may be new.</summary>
    private const int NeighboursMax = 2;

    /// <summary>The spellings of a word that are looked for in texts.</summary>
    private const int SpellingsMax = 4;

    /// <summary>Returns the question with its words rewritten; the question itself if none is.</summary>
    public static async Task<string> OfAsync(PyboDb db, string question, Viewer viewer, CancellationToken ct)
    {
        var words = FirstWords(question);
        var known = await db.KnownTermsAsync(words.SelectMany(word => word.Terms), viewer, ct);
        var keyed = words.Where(word => !word.Terms.Exists(known.Contains)).Select(word => word.Run).Where(IsKeyed).Distinct().ToDictionary(run => run, run => KoreanKeys.Hangul(run.Text)!);
        var misspelt = words.Select(word => Misspelt.Of(word.Run, known)).OfType<Misspelt>().DistinctBy(word => word.Run).ToList();
        if (keyed.Count + misspelt.Count == 0)
        {
            return question;
        }

        var meant = await db.KnownTermsAsync(keyed.Values.SelectMany(KoreanText.Terms).Concat(misspelt.SelectMany(word => word.Terms())), viewer, ct);
        var respelt = new Dictionary<TextRun, string>();
        foreach (var word in misspelt)
        {
            if (await RespeltAsync(db, word, meant, viewer, ct) is { } text)
            {
                respelt.Add(word.Run, text);
            }
        }

        // One word that is known shows how the keyboard was set for all.
        if (keyed.Values.Any(word => KoreanText.Terms(word).TrueForAll(meant.Contains)))
        {
            foreach (var (run, text) in keyed)
            {
                respelt.Add(run, text);
            }
        }

        return respelt.Count == 0 ? question : Rewritten(question, respelt);
    }

    /// <summary>Returns a word in the likeliest spelling that some passage writes; null if none does. Bigrams of different words (플러그, 버스) may spell a word that none has.</summary>
    private static async Task<string?> RespeltAsync(PyboDb db, Misspelt word, IReadOnlySet<string> known, Viewer viewer, CancellationToken ct)
    {
        foreach (var (text, changed) in word.Spellings().Where(spelling => Misspelt.BigramsOf(spelling.Changed).All(known.Contains)).Take(SpellingsMax))
        {
            if (await db.IsWrittenAsync(changed, Misspelt.BigramsOf(changed), viewer, ct))
            {
                return text + word.Run.Text[word.Stem.Length..];
            }
        }

        return null;
    }

    /// <summary>Returns the words whose terms can be looked up at once; the rest of a pasted text stays as it is.</summary>
    private static List<(TextRun Run, List<string> Terms)> FirstWords(string question)
    {
        var words = new List<(TextRun Run, List<string> Terms)>();
        var terms = 0;
        foreach (var word in KoreanText.TermsByWord(question).Where(word => !KoreanParticles.IsQuestionWord(word.Run)))
        {
            terms += word.Terms.Count;
            if (terms > TermStatisticsQueries.KnownTermsMax)
            {
                break;
            }

            words.Add(word);
        }

        return words;
    }

    private static bool IsKeyed(TextRun run) => run.Script == Script.Latin && run.Text.Length >= KeysMin && run.Text.All(char.IsAsciiLetter)
        && KoreanKeys.Hangul(run.Text) is { Length: >= KeyedSyllablesMin };

    private static string Rewritten(string question, Dictionary<TextRun, string> respelt)
    {
        var text = TextRuns.Normalize(question, KoreanText.TextCharactersMax);
        var rewritten = new StringBuilder();
        var end = 0;
        foreach (var run in TextRuns.Of(text).Where(respelt.ContainsKey))
        {
            var start = text.IndexOf(run.Text, end, StringComparison.Ordinal);
            rewritten.Append(text, end, start - end).Append(respelt[run]);
            end = start + run.Text.Length;
        }

        return rewritten.Append(text, end, text.Length - end).ToString();
    }

    /// <summary>A Hangul word with syllables that make no known term.</summary>
    private sealed record Misspelt(TextRun Run, string Stem, IReadOnlyList<int> Places)
    {
        public static Misspelt? Of(TextRun run, IReadOnlySet<string> known)
        {
            if (run.Script != Script.Hangul || KoreanParticles.Stem(run) is not { Length: >= 2 and <= MisspeltSyllablesMax } stem)
            {
                return null;
            }

            var places = Enumerable.Range(0, stem.Length).Where(place => !BigramsOf(Around(stem, place, place, neighbours: 1)).Any(known.Contains)).ToList();
            return places.Count == 0 ? null : new(run, stem, places);
        }

        /// <summary>Returns the terms that decide between the spellings.</summary>
        public IEnumerable<string> Terms() => Spellings().SelectMany(spelling => BigramsOf(spelling.Changed));

        /// <summary>Returns the spellings with one syllable replaced, then those with two neighbours, each with what changes: the replaced syllables and their neighbours.</summary>
        public IEnumerable<(string Text, string Changed)> Spellings()
        {
            foreach (var place in Places)
            {
                foreach (var meant in TypingErrors.Of(Stem, place))
                {
                    var text = With(Stem, place, meant);
                    yield return (text, Around(text, place, place, NeighboursMax));
                }
            }

            foreach (var place in Places.Where(place => Places.Contains(place + 1)))
            {
                foreach (var first in TypingErrors.Of(Stem, place))
                {
                    foreach (var second in TypingErrors.Of(Stem, place + 1))
                    {
                        var text = With(With(Stem, place, first), place + 1, second);
                        yield return (text, Around(text, place, place + 1, NeighboursMax));
                    }
                }
            }
        }

        private static string With(string word, int place, char syllable) => $"{word[..place]}{syllable}{word[(place + 1)..]}";

        public static IEnumerable<string> BigramsOf(string text) => Enumerable.Range(0, text.Length - 1).Select(at => text.Substring(at, 2));

        /// <summary>Returns the syllables from the first to the last place, with some neighbours on each side.</summary>
        private static string Around(string word, int first, int last, int neighbours) => word[Math.Max(0, first - neighbours)..Math.Min(word.Length, last + 1 + neighbours)];
    }
}
