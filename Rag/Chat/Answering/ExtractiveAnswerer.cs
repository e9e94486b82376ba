using System.Globalization;
using System.Numerics.Tensors;
using System.Text.RegularExpressions;
using Microsoft.Extensions.AI;
using Pybo.Data;
using Pybo.Rag.Documents;
using Pybo.Rag.Inference;
using Pybo.Rag.Models;
using Pybo.Rag.Retrieval;

namespace Pybo.Rag.Chat;

/// <summary>
/// The built-in answerer: generates nothing. Quotes a thread's accepted answer, with the asker's correction or a comment that adds to it, if a thread comes first; otherwise the
/// sentences of the documents that answer the question: all parts of a list (<see cref="ListedParts"/>), one sentence on each of two things compared, or the best.
/// </summary>
/// <param name="findEncoder">Borrows the model with this id to compare sentences with the question; returns null if it no longer serves.</param>
/// <remarks>
/// A sentence's score is the share of the question's terms that it and its title contain (rare terms count more), plus its cosine to the question, plus its
/// passage's score. Without a model, only terms and passages count. What can be quoted is decided by <see cref="QuotableSentences"/>. White space inside a sentence is collapsed to single spaces; otherwise it is quoted verbatim.
/// </remarks>
public sealed partial class ExtractiveAnswerer(Func<long, CancellationToken, Task<Lease<IEmbeddingGenerator<string, Embedding<float>>>?>> findEncoder) : IAnswerer
{
    public const int QuotesMax = 2;

    /// <summary>
    /// Sentences this close to the best by their scores are as likely the answer, so the second is quoted although it adds no term. On KorQuAD dev, with 0.4
    /// two thirds of the answers have a second quotation, and as many hold the right words (.916) as if all had one; with 0, .906.
    /// </summary>
    public const double ScoreTieMax = 0.4;

    /// <summary>The number of sources whose sentences compete.</summary>
    public const int SourcesMax = 3;

    /// <summary>The number of sentences embedded, those with the most terms first: takes a third of a second on two cores.</summary>
    public const int SentencesMax = 48;

    private const double CosineWeight = 4;
    private const double PassageWeight = 1;

    /// <summary>Compares with the model that serves searches.</summary>
    public ExtractiveAnswerer(EmbeddingModels models)
        : this((modelId, ct) => ServingAsync(models, modelId, ct))
    {
    }

    public string Model => "extractive";

    public async Task<ChatAnswer> AnswerAsync(ChatRequest request, RetrievalResult retrieval, IReadOnlyList<ChatSource> sources, IAnswerListener listener, CancellationToken ct)
    {
        await listener.OnSourcesAsync(sources, retrieval.Note, Model, ct);
        if (request.IsWholeThread)
        {
            return await SummarizeAsync(request.Question, sources, listener, ct);
        }

        var thread = ThreadOf(sources, retrieval);
        var (quoted, note) = request.PartsCount is not null ? (Central(request, sources), null) : thread.Count > 0 ? (thread, null)
            : Listed(request.Question, sources) ?? await ComparedAsync(request.Question, retrieval, sources, ct) ?? (await BestAsync(retrieval, sources, ct), null);
        var text = quoted.Count == 0 ? Refusals.NoAnswer(request.Question) : string.Join("\n\n", quoted.Select(q => $"“{q.Quotation}” [{q.Source.Number}]"));
        if (request.PartsCount is { } parts && quoted.Count > 0)
        {
            text += $"\n\n{WholeNote(request.Question, parts, quoted.DistinctBy(q => q.Source).Count())}";
        }

        if (note is not null)
        {
            text += $"\n\n{note}";
        }

        if (thread.Count > 0)
        {
            text += $"\n\n{Note(thread, sources, request.Question)}";
        }

        await listener.OnTextAsync(text, ct);
        var citations = quoted.GroupBy(q => q.Source, (source, own) => new ChatCitation(source, string.Join('\n', own.Select(q => Quotes.Limited(q.Quotation)))));
        return new(text, IsRefused: quoted.Count == 0, Model, [.. citations]);
    }

    private async Task<ChatAnswer> SummarizeAsync(string question, IReadOnlyList<ChatSource> sources, IAnswerListener listener, CancellationToken ct)
    {
        var (summary, quoted) = ThreadSummary.Of(question, sources);
        await listener.OnTextAsync(summary, ct);
        return new(summary, IsRefused: false, Model, [.. quoted.GroupBy(q => q.Source, (source, own) => new ChatCitation(source, string.Join('\n', own.Select(q => Quotes.Limited(q.Text)))))]);
    }

    private static string WholeNote(string question, int parts, int quoted) => string.Format(
        CultureInfo.InvariantCulture, PromptBuilder.Words(quoted < parts ? nameof(PromptWords.WholeNote) : nameof(PromptWords.EntireNote), question), parts, quoted);

    private static List<Sentence> Central(ChatRequest request, IReadOnlyList<ChatSource> sources) =>
        [.. WholeText.Central(sources, WholeQuestion.CountOf(request.Question)).Select(s => new Sentence(s.Source, s.Text, default, 0))];

    /// <summary>Returns what documents list of the kind asked for, with a note if there is more; null if it is no such question or there is no list.</summary>
    private static (List<Sentence> Quoted, string? Note)? Listed(string question, IReadOnlyList<ChatSource> sources)
    {
        var parts = ListedParts.Of(question, Documents(sources));
        return parts.Count == 0 ? null
            : ([.. parts.Take(ListedParts.PartsMax).Select(part => new Sentence(part.Source, part.Source.Passage.Text.Substring(part.Range.Start, part.Range.Length), part.Range, 0))],
                parts.Count > ListedParts.PartsMax ? Said(nameof(PromptWords.MoreNote), question, ListedParts.PartsMax) : null);
    }

    /// <summary>Returns the best sentence on each of two things compared, with a note if no source names one; null if the question compares nothing or that is not certain.</summary>
    private async Task<(List<Sentence> Quoted, string? Note)?> ComparedAsync(string question, RetrievalResult retrieval, IReadOnlyList<ChatSource> sources, CancellationToken ct)
    {
        if (ComparisonQuestion.NamesOf(question) is not { } names)
        {
            return null;
        }

        var sentences = Documents(sources).SelectMany(source => Sentences(source, retrieval)).ToList();
        var first = await BestOnAsync(names.First, names.Second);
        var second = await BestOnAsync(names.Second, names.First);
        return (first, second) switch
        {
            ({ } one, { } other) => (one.Source == other.Source && one.Range == other.Range ? [one] : [one, other], null),
            ({ } one, null) when IsUnknown(names.Second) => ([one], Said(nameof(PromptWords.MissingNote), question, names.Second)),
            (null, { } other) when IsUnknown(names.First) => ([other], Said(nameof(PromptWords.MissingNote), question, names.First)),
            _ => null,
        };

        async Task<Sentence?> BestOnAsync(string name, string other)
        {
            var naming = sentences.ToLookup(s => ComparisonQuestion.NamingOf(s.Text, s.Heading, name, other));
            var closest = naming[Naming.Full].Any() ? Naming.Full : naming[Naming.Shortened].Any() ? Naming.Shortened : Naming.Heading;
            return (await RankedAsync(naming[closest], retrieval, ct)).Best is [var best, ..] ? best : null;
        }

        bool IsUnknown(string name) => !Documents(sources).Any(source => ComparisonQuestion.IsMentionedIn(source.Passage.Whole, name));
    }

    private static IEnumerable<ChatSource> Documents(IReadOnlyList<ChatSource> sources) => sources.Where(s => s.Role == AnswerRole.None);

    private static string Said(string name, string question, object value) => string.Format(CultureInfo.InvariantCulture, PromptBuilder.Words(name, question), value);

    private static async Task<Lease<IEmbeddingGenerator<string, Embedding<float>>>?> ServingAsync(EmbeddingModels models, long modelId, CancellationToken ct)
    {
        var state = await models.StateAsync(ct);
        if (state.Serving is { } serving && serving.ModelId == modelId)
        {
            return new(serving.Generator, state.Dispose);
        }

        state.Dispose();
        return null;
    }

    /// <summary>Returns the answer of the thread that comes first, and its asker's correction or a comment that adds something asked for, each in whole sentences; empty if a document comes first.</summary>
    private static List<Sentence> ThreadOf(IReadOnlyList<ChatSource> sources, RetrievalResult retrieval)
    {
        if (sources is not [{ Role: not AnswerRole.None } first, ..])
        {
            return [];
        }

        var thread = sources.Where(s => s.Passage.QuestionId == first.Passage.QuestionId).ToList();
        return [.. thread.Where(s => s == first || (s.Role == AnswerRole.Correction && !OnlyThanks(s.Passage.Text)))
            .Concat(thread.Where(s => s != first && s.Role == AnswerRole.Comment && AddsAsked(first.Passage, s.Passage, retrieval))).Take(QuotesMax)
            .Select(s => new Sentence(s, SourceSelection.CutAtSentences(s.Passage, Quotes.QuoteCharactersMax).Text.Trim(), default, 0))];
    }

    /// <summary>True if a text has a term of the question, or the kind of amount that it asks for, that the first and its title lack.</summary>
    private static bool AddsAsked(PassageHit first, PassageHit second, RetrievalResult retrieval)
    {
        var held = KoreanText.Terms($"{first.Title}\n{first.Text}").ToHashSet(StringComparer.Ordinal);
        return KoreanText.Terms(second.Text).Exists(term => !held.Contains(term) && retrieval.AskingTerms.Contains(term))
            || (!QuestionFocus.HasAmounts(first.Text, retrieval.Question) && QuestionFocus.HasAmounts(second.Text, retrieval.Question));
    }

    private static bool OnlyThanks(string text) =>
        SentenceSplitter.Split(text).TrueForAll(s => Courtesy.IsThanks(text.AsSpan(s.Start, s.Length)));

    /// <summary>Says whose answer is quoted, and that others say something else.</summary>
    private static string Note(List<Sentence> thread, IReadOnlyList<ChatSource> sources, string question)
    {
        var first = thread[0].Source;
        var hasOthers = sources.Any(s => s.Role == AnswerRole.Other && s.Passage.QuestionId == first.Passage.QuestionId);
        var whose = first.Role switch
        {
            AnswerRole.Comment => nameof(PromptWords.CommentNote),
            AnswerRole.Accepted => thread.Exists(q => q.Source.Role == AnswerRole.Correction) ? nameof(PromptWords.CorrectedNote) : nameof(PromptWords.AcceptedNote),
            _ => nameof(PromptWords.BestNote),
        };
        var note = PromptBuilder.Words(whose, question);
        note = thread.Skip(1).Any(q => q.Source.Role == AnswerRole.Comment) ? $"{note} {PromptBuilder.Words(nameof(PromptWords.CommentToo), question)}" : note;
        return hasOthers ? $"{note} {PromptBuilder.Words(nameof(PromptWords.OthersNote), question)}" : note;
    }

    /// <summary>Returns the best sentences of documents, best first.</summary>
    private async Task<List<Sentence>> BestAsync(RetrievalResult retrieval, IReadOnlyList<ChatSource> sources, CancellationToken ct)
    {
        var (best, tie) = await RankedAsync(Documents(sources).Take(SourcesMax).SelectMany(source => Sentences(source, retrieval)), retrieval, ct);
        best = NewestFirst(best, retrieval);
        return best.Count == 0 ? [] : [best[0], .. best.Skip(1).Where(second => Adds(best[0], second, retrieval, tie)).Take(QuotesMax - 1)];
    }

    /// <summary>
    /// If the question asks for what holds now, puts first what the source with the latest date states on the same: minutes and notices stay after they are
    /// superseded, and their sentences resemble each other too closely for a score to tell which holds.
    /// </summary>
    private static List<Sentence> NewestFirst(List<Sentence> best, RetrievalResult retrieval)
    {
        if (best.Count == 0 || !QuestionFocus.AsksForNow(retrieval.Question) || DateOf(best[0]) is not { } date)
        {
            return best;
        }

        var asked = KoreanText.Terms(best[0].Text).Where(retrieval.AskingTerms.Contains).ToList();
        var newest = best.Skip(1).Where(s => DateOf(s) > date && asked.TrueForAll(KoreanText.Terms(s.Text).Contains) && StatedTerms.MissingFrom(best[0].Text, s.Text).Count > 0).OrderByDescending(DateOf).FirstOrDefault();
        return newest.Source is null ? best : [newest, .. best.Where(s => s != newest)];

        static DateOnly? DateOf(Sentence sentence) => ExactTerms.LatestDate(sentence.Source.Passage.Whole);
    }

    /// <summary>Returns the sentences best first, and how close to the best is as good.</summary>
    private async Task<(List<Sentence> Best, double Tie)> RankedAsync(IEnumerable<Sentence> candidates, RetrievalResult retrieval, CancellationToken ct)
    {
        var sentences = candidates.OrderByDescending(s => s.Score).Take(SentencesMax).ToList();
        var tie = 0.0;
        if (sentences.Count > 0 && retrieval.Embedding is { } question && await findEncoder(question.ModelId, ct) is { } lease)
        {
            using var held = lease;
            var vectors = await held.Value.EmbedPassagesAsync([.. sentences.Select(s => s.Embedded)], null, ct);
            sentences = [.. sentences.Zip(vectors, (s, vector) => s with { Score = s.Score + (CosineWeight * TensorPrimitives.Dot(question.Vector.Span, vector.Span)) })];
            tie = ScoreTieMax;
        }

        return ([.. sentences.OrderByDescending(s => s.Score)], tie);
    }

    /// <summary>
    /// True if a sentence has a term of the question, or the kind of amount it asks for, that the first lacks, if it continues the first, or if it says something
    /// else and its score is as good or the first is only a field.
    /// </summary>
    private static bool Adds(Sentence first, Sentence second, RetrievalResult retrieval, double tie)
    {
        var isSameSource = first.Source == second.Source;
        if (isSameSource && first.Range.Start < second.Range.End && second.Range.Start < first.Range.End)
        {
            return false;
        }

        var held = KoreanText.Terms($"{first.Source.Passage.Title}\n{first.Text}").ToHashSet(StringComparer.Ordinal);
        var others = KoreanText.Terms(second.Text).Where(term => !held.Contains(term)).ToList();
        return others.Exists(retrieval.AskingTerms.Contains)
            || (!QuestionFocus.HasAmounts(first.Text, retrieval.Question) && QuestionFocus.HasAmounts(second.Text, retrieval.Question))
            || (isSameSource && QuotableSentences.Adjoin(first.Source.Passage.Text, first.Range, second.Range) && QuotableSentences.Continues(second.Text))
            || (others.Count > 0 && QuotableSentences.IsField(first.Text))
            || (others.Count > 0 && first.Score - second.Score < tie);
    }

    /// <summary>Returns a source's sentences that can answer. A name that only repeats words of the question does not.</summary>
    private static IEnumerable<Sentence> Sentences(ChatSource source, RetrievalResult retrieval)
    {
        var passage = source.Passage;
        var asked = KoreanText.Terms(retrieval.Question).ToHashSet(StringComparer.Ordinal);
        return QuotableSentences.Of(passage.Text, passage.Title, passage.Heading)
            .Select(range => (Range: range, Text: passage.Text.Substring(range.Start, range.Length)))
            .Where(sentence => !QuotableSentences.IsHeading(sentence.Text) || !KoreanText.Terms(sentence.Text).TrueForAll(asked.Contains))
            .Select(sentence => new Sentence(source, sentence.Text, sentence.Range, retrieval.Share($"{passage.Title}\n{sentence.Text}") + (PassageWeight * passage.Score)));
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex SpaceRegex();

    private readonly record struct Sentence(ChatSource Source, string Text, TextRange Range, double Score)
    {
        /// <summary>The text to embed, titled like a chunk: a sentence seldom repeats the title's subject.</summary>
        public string Embedded => $"{Source.Passage.Title}: {Text}";

        /// <summary>The names of what the passage is about.</summary>
        public string Heading => $"{Source.Passage.Title}\n{Source.Passage.Heading}";

        public string Quotation => SpaceRegex().Replace(Text, " ");
    }
}
