using Microsoft.Extensions.AI;

namespace Pybo.Rag.Chat;

/// <summary>What <see cref="PromptBuilder"/> put into the last message of the user.</summary>
/// <param name="Question">As it was written; it decides the language.</param>
/// <param name="Searched">The question with those it follows up on.</param>
/// <param name="Terms">The terms by which what was searched is judged.</param>
internal sealed record AnswerablePrompt(string Question, string Searched, IReadOnlyList<string> Terms, IReadOnlyList<ChatSource> Sources)
{
    /// <exception cref="ArgumentException">There is no such message, or no question in it.</exception>
    public static AnswerablePrompt Read(IEnumerable<ChatMessage> messages)
    {
        var contents = messages.LastOrDefault(m => m.Role == ChatRole.User)?.Contents.OfType<TextContent>().ToList() ?? [];
        var question = contents.LastOrDefault(c => SourceOf(c) is null) ?? throw new ArgumentException("The prompt holds no question.", nameof(messages));
        var searched = question.AdditionalProperties?.GetValueOrDefault(ChatProperties.Searched) as string ?? question.Text;
        return new(question.Text, searched, TermShare.Terms(searched), [.. contents.Select(SourceOf).OfType<ChatSource>()]);
    }

    private static ChatSource? SourceOf(TextContent content) => content.AdditionalProperties?.GetValueOrDefault(ChatProperties.Source) as ChatSource;
}
