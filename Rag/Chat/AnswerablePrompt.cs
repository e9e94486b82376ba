using Microsoft.Extensions.AI;

namespace Pybo.Rag.Chat;

/// <summary>What <see cref="PromptBuilder"/> put into the last message of the user.</summary>
/// <param name="Question">As it was written.</param>
internal sealed record AnswerablePrompt(string Question, Searched Searched, IReadOnlyList<ChatSource> Sources)
{
    /// <exception cref="ArgumentException">There is no such message, or no question in it.</exception>
    public static AnswerablePrompt Read(IEnumerable<ChatMessage> messages)
    {
        var contents = messages.LastOrDefault(m => m.Role == ChatRole.User)?.Contents.OfType<TextContent>().ToList() ?? [];
        var question = contents.LastOrDefault(c => c.AdditionalProperties?.ContainsKey(ChatProperties.Searched) is true)
            ?? throw new ArgumentException("The prompt holds no question.", nameof(messages));
        return new(question.Text, (Searched)question.AdditionalProperties![ChatProperties.Searched]!, [.. contents.Select(SourceOf).OfType<ChatSource>()]);
    }

    private static ChatSource? SourceOf(TextContent content) => content.AdditionalProperties?.GetValueOrDefault(ChatProperties.Source) as ChatSource;
}
