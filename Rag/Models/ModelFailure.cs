using System.Globalization;
using Pybo.Rag.Inference;

namespace Pybo.Rag.Models;

/// <summary>Why a model did not answer, and what to do about it, for the reader.</summary>
public static class ModelFailure
{
    private static readonly CultureInfo Korean = CultureInfo.GetCultureInfo("ko-KR");

    /// <summary>In Korean; null for what is no fault of a model.</summary>
    public static string? Sentence(Exception error) => error switch
    {
        ModelMemoryException memory => string.Create(Korean,
            $"메모리가 모자라 모델 {memory.Model}을(를) 열지 못했습니다. 약 {Megabytes(memory.NeededBytes):N0} MB가 필요한데 {Megabytes(memory.AvailableBytes):N0} MB가 남아 있습니다. 다른 프로그램을 닫거나 더 작은 모델을 고른 뒤 다시 시도하세요."),
        InvalidDataException => "모델 파일이 깨졌거나 알 수 없는 형식입니다. 모델을 다시 내려받은 뒤 다시 시도하세요.",
        OnnxModelException => "모델을 실행하다가 문제가 생겼습니다. 다시 시도해도 그러면 모델을 다시 내려받거나 다른 모델을 고르세요.",
        _ => null,
    };

    private static long Megabytes(long bytes) => bytes >> 20;
}
