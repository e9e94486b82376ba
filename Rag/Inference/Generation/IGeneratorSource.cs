using Microsoft.Extensions.AI;

namespace Pybo.Rag.Inference;

/// <summary>Lends the generator that writes answers at the moment.</summary>
public interface IGeneratorSource
{
    /// <summary>The generator. It stays the same until the lease is disposed, even when another is installed; null where none is installed or chosen.</summary>
    Lease<IChatClient>? Borrow();
}
