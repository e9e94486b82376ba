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
    /// <summary>In Korean; null for a fault of ours.</summary>
    public static string? Sentence(Exception error) => error switch
    {
        PromptTooLongException => "질문이 너무 길어 모델이 한 번에 읽을 수 없습니다. 짧게 줄여 다시 물어 주세요.",
        EmptyAnswerException => "모델이 아무 말도 하지 않았습니다. 다시 시도하거나 질문을 조금 바꿔 물어 주세요.",
        SourceGoneException => "찾은 자료가 그 사이에 지워졌거나 고쳐졌습니다. 다시 물어 주세요.",
        _ when DiskFull.Is(error) => "서버에 저장 공간이 없어 답을 저장하지 못했습니다. 공간이 생긴 뒤에 다시 물어 주세요.",
        _ => ModelFailure.Sentence(error),
    };
}
