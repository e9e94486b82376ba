using Pybo.Data;
using Pybo.Rag.Inference;

namespace Pybo.Rag.Models;

/// <summary>Why a model did not answer, and what to do about it, for the reader.</summary>
public static class ModelFailure
{
    /// <summary>Null for what is no fault of a model.</summary>
    public static Notice? Of(Exception error) => error switch
    {
        ModelMemoryException memory => Notice.Of(ModelProblem.NoMemory, memory.Model, Megabytes(memory.NeededBytes), Megabytes(memory.AvailableBytes)),
        InvalidDataException => Notice.Of(ModelProblem.Corrupt),
        OnnxModelException => Notice.Of(ModelProblem.RunFailed),
        _ => null,
    };

    private static long Megabytes(long bytes) => bytes >> 20;
}
