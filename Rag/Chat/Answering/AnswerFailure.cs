using Pybo.Data;
using Pybo.Rag.Models;

namespace Pybo.Rag.Chat;

/// <summary>The generator ended without a word.</summary>
public sealed class EmptyAnswerException(string model) : Exception($"{model} answered nothing.");

/// <summary>A source was deleted or edited while the answer was being written: what it said must not be said any more.</summary>
public sealed class SourceGoneException() : Exception("A source of the answer is gone.");

/// <summary>Why there is no answer, and what to do about it, for the reader.</summary>
public static class AnswerFailure
{
    /// <summary>Null for a fault of ours.</summary>
    public static Notice? Of(Exception error) => error switch
    {
        PromptTooLongException => Notice.Of(ChatProblem.QuestionTooLong),
        EmptyAnswerException => Notice.Of(ChatProblem.Empty),
        SourceGoneException => Notice.Of(ChatProblem.SourcesGone),
        _ when DiskFull.Is(error) => Notice.Of(ChatProblem.NoRoom),
        _ => ModelFailure.Of(error),
    };
}
