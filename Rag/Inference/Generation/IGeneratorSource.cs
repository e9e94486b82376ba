using Microsoft.Extensions.AI;

namespace Pybo.Rag.Inference;

/// <summary>Lends the current generator of answers.</summary>
public interface IGeneratorSource
{
    /// <summary>Returns the generator. It stays the same until the lease is disposed, even if another is installed; null if none is installed or chosen.</summary>
    Lease<IChatClient>? Borrow();
}
