using System.Text.Json;

namespace Pybo.Benchmarks;

/// <summary>An article as one text, with questions about it.</summary>
internal sealed record LongDocument(string Title, string Text, IReadOnlyList<LongQuestion> Questions)
{
    private const string BlankLine = "\n\n";

    /// <summary>KorQuAD's paragraphs, joined into their articles: the title, then each paragraph after a blank line.</summary>
    /// <param name="file">KorQuAD 1.0 as published.</param>
    public static IReadOnlyList<LongDocument> ReadKorquad(string file)
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(file));
        return [.. json.RootElement.GetProperty("data").EnumerateArray().Select(Join)];
    }

    private static LongDocument Join(JsonElement article)
    {
        var text = article.GetProperty("title").GetString()!;
        var title = text;
        var questions = new List<LongQuestion>();
        foreach (var paragraph in article.GetProperty("paragraphs").EnumerateArray())
        {
            text += BlankLine;
            foreach (var question in paragraph.GetProperty("qas").EnumerateArray())
            {
                var answer = question.GetProperty("answers")[0];
                questions.Add(new(question.GetProperty("question").GetString()!, answer.GetProperty("text").GetString()!, text.Length + answer.GetProperty("answer_start").GetInt32()));
            }

            text += paragraph.GetProperty("context").GetString();
        }

        return new(title, text, questions);
    }
}

/// <summary>A question, and the answer's position in its document.</summary>
/// <param name="Start">The answer's start, in UTF-16 units of the document's text.</param>
internal sealed record LongQuestion(string Text, string Answer, int Start);
