using Pybo.Data;
using Pybo.Rag.Inference;

namespace Pybo.Rag.Models;

/// <summary>Explains to the reader why a model did not answer, and what to do about it.</summary>
public static class ModelFailure
{
    /// <summary>Returns null if the error is not a model's fault.</summary>
    public static Notice? Of(Exception error) => error switch
    {
        ModelMemoryException memory => Notice.Of(ModelProblem.NoMemory, memory.Model, Megabytes(memory.NeededBytes), Megabytes(memory.AvailableBytes)),
        InvalidDataException => Notice.Of(ModelProblem.Corrupt),
        OnnxModelException => Notice.Of(ModelProblem.RunFailed),
        _ => null,
    };

    private static long Megabytes(long bytes) => bytes >> 20;
}
