using Microsoft.Extensions.AI;

namespace Pybo.Rag.Inference;

/// <summary>Lends generators of answers, one at a time.</summary>
public interface IGeneratorSource
{
    /// <summary>The generators that can be borrowed by name, <see cref="Default"/> first. Loads none.</summary>
    IReadOnlyList<GeneratorInfo> All { get; }

    /// <summary>The site's own choice; null if none is installed or chosen. Loads none.</summary>
    GeneratorInfo? Default { get; }

    /// <summary>Returns a generator. It stays the same until the lease is disposed, even if another one is borrowed or installed.</summary>
    /// <param name="name">One of <see cref="All"/>; null for <see cref="Default"/>.</param>
    /// <returns>Null if there is no such generator.</returns>
    Lease<IChatClient>? Borrow(string? name = null);
}

/// <summary>A generator that can answer.</summary>
/// <param name="IsPretrained"><inheritdoc cref="LanguageModelFolder.IsPretrained"/></param>
public sealed record GeneratorInfo(string Name, bool IsPretrained);
