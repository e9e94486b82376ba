using System.Globalization;
using System.Text.Json;

namespace Pybo.Benchmarks;

/// <summary>A searchable text; sets without titles leave the title empty.</summary>
internal sealed record SetDocument(string Id, string Title, string Text);

/// <summary>A question, the documents that answer it with their grades, and the words of the answer if the set has them.</summary>
internal sealed record SetQuery(string Id, string Text, IReadOnlyDictionary<string, int> Grades, IReadOnlyList<string> Answers);

/// <summary>A set of questions over documents.</summary>
internal sealed record SearchSet(string Name, IReadOnlyList<SetDocument> Documents, IReadOnlyList<SetQuery> Queries)
{
    /// <summary>KorQuAD 1.0 as published: one JSON file; a document is a paragraph under its article's title.</summary>
    public static SearchSet ReadKorquad(string file)
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(file));
        var documents = new List<SetDocument>();
        var queries = new List<SetQuery>();
        foreach (var article in json.RootElement.GetProperty("data").EnumerateArray())
        {
            foreach (var paragraph in article.GetProperty("paragraphs").EnumerateArray())
            {
                var document = new SetDocument(documents.Count.ToString(CultureInfo.InvariantCulture), Text(article, "title"), Text(paragraph, "context"));
                documents.Add(document);
                queries.AddRange(paragraph.GetProperty("qas").EnumerateArray().Select(q => new SetQuery(
                    Text(q, "id"),
                    Text(q, "question"),
                    new Dictionary<string, int> { [document.Id] = 1 },
                    [.. q.GetProperty("answers").EnumerateArray().Select(a => Text(a, "text"))])));
            }
        }

        return new(json.RootElement.GetProperty("version").GetString()!, documents, queries);
    }

    /// <summary>
    /// BEIR's layout: <c>corpus.jsonl</c> (<c>_id</c>, <c>title</c>, <c>text</c>), <c>queries.jsonl</c> (<c>_id</c>, <c>text</c>, <c>metadata.answers</c>)
    /// and <c>qrels/test.tsv</c> (query, document, grade; with a header). Questions without a relevant document are left out.
    /// </summary>
    public static SearchSet ReadBeir(string folder)
    {
        var grades = File.ReadLines(Path.Combine(folder, "qrels", "test.tsv")).Skip(1).Where(line => line.Length > 0)
            .Select(line => line.Split('\t'))
            .Select(cells => (Query: cells[0], Document: cells[1], Grade: int.Parse(cells[2], CultureInfo.InvariantCulture)))
            .Where(row => row.Grade > 0)
            .GroupBy(row => row.Query)
            .ToDictionary(rows => rows.Key, rows => rows.ToDictionary(r => r.Document, r => r.Grade));
        var queries = Lines(Path.Combine(folder, "queries.jsonl"))
            .Where(q => grades.ContainsKey(Text(q, "_id")))
            .Select(q => new SetQuery(Text(q, "_id"), Text(q, "text"), grades[Text(q, "_id")], AnswersOf(q)));
        var documents = Lines(Path.Combine(folder, "corpus.jsonl")).Select(d => new SetDocument(Text(d, "_id"), Text(d, "title"), Text(d, "text")));
        return new(Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder))), [.. documents], [.. queries]);
    }

    /// <summary>BEIR's layout if the folder has a corpus.jsonl, otherwise KorQuAD's file in it.</summary>
    /// <exception cref="FileNotFoundException">The folder holds neither.</exception>
    public static SearchSet Read(string folder) =>
        File.Exists(Path.Combine(folder, "corpus.jsonl")) ? ReadBeir(folder)
        : Directory.Exists(folder) && Directory.EnumerateFiles(folder, "KorQuAD_v1.0_*.json").Order().FirstOrDefault() is { } korquad ? ReadKorquad(korquad)
        : throw new FileNotFoundException($"'{folder}' holds neither corpus.jsonl nor a KorQuAD file.");

    private static IEnumerable<JsonElement> Lines(string file) => File.ReadLines(file).Where(line => line.Length > 0).Select(line => JsonElement.Parse(line));

    private static string Text(JsonElement parent, string name) => parent.TryGetProperty(name, out var value) ? value.GetString() ?? "" : "";

    private static IReadOnlyList<string> AnswersOf(JsonElement query) =>
        query.TryGetProperty("metadata", out var metadata) && metadata.ValueKind == JsonValueKind.Object && metadata.TryGetProperty("answers", out var answers)
            ? [.. Texts(answers).Where(text => text.Length > 0)]
            : [];

    /// <summary>The answers of a set are a string, a list of strings, or SQuAD's <c>{"text": […]}</c>.</summary>
    private static IEnumerable<string> Texts(JsonElement answers) => answers.ValueKind switch
    {
        JsonValueKind.String => [answers.GetString()!],
        JsonValueKind.Array => answers.EnumerateArray().SelectMany(Texts),
        JsonValueKind.Object when answers.TryGetProperty("text", out var text) => Texts(text),
        _ => [],
    };
}
