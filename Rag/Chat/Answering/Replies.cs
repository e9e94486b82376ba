using Pybo.Data;

namespace Pybo.Rag.Chat;

/// <summary>The replies to messages that ask nothing of the texts, in the language of the message.</summary>
internal static class Replies
{
    public static string To(CourtesyKind courtesy, string message) => PromptBuilder.Words(courtesy switch
    {
        CourtesyKind.Greeting => nameof(PromptWords.GreetingReply),
        CourtesyKind.Thanks => nameof(PromptWords.ThanksReply),
        _ => nameof(PromptWords.AbilityReply),
    }, message);
}
