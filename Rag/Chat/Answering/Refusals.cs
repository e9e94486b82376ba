namespace Pybo.Rag.Chat;

/// <summary>The text shown if no source answers, in the language of the question; no generator is called.</summary>
internal static class Refusals
{
    public static string NothingFound(string question) => PromptBuilder.Words(nameof(PromptWords.NothingFound), question);

    public static string NoAnswer(string question) => PromptBuilder.Words(nameof(PromptWords.NoAnswer), question);

    /// <summary>The same was asked on the board, but has no answer yet.</summary>
    public static string Unanswered(string question) => PromptBuilder.Words(nameof(PromptWords.Unanswered), question);

    public static string ScopeGone(string question) => PromptBuilder.Words(nameof(PromptWords.ScopeGone), question);
}
