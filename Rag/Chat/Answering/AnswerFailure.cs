using Pybo.Data;
using Pybo.Rag.Models;

namespace Pybo.Rag.Chat;

/// <summary>The generator produced no text.</summary>
public sealed class EmptyAnswerException(string model) : Exception($"{model} answered nothing.");

/// <summary>A source was deleted or edited while the answer was being written, so its content must no longer be shown.</summary>
public sealed class SourceGoneException() : Exception("A source of the answer is gone.");

/// <summary>Explains to the reader why there is no answer and what to do about it.</summary>
public static class AnswerFailure
{
    /// <summary>Returns the reason for the reader; null for a fault of ours.</summary>
    public static Notice? Of(Exception error) => error switch
    {
        PromptTooLongException => Notice.Of(ChatProblem.QuestionTooLong),
        EmptyAnswerException => Notice.Of(ChatProblem.Empty),
        SourceGoneException => Notice.Of(ChatProblem.SourcesGone),
        _ when DiskFull.Is(error) => Notice.Of(ChatProblem.NoRoom),
        _ => ModelFailure.Of(error),
    };
}
