using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Pybo.Data;
using Pybo.Rag.Models;

namespace Pybo.Tests.Rag.Models;

/// <summary>Models without a site around them.</summary>
internal static class TestModels
{
    /// <summary>The embedding model of a folder or of a name, next to the tests.</summary>
    public static EmbeddingModels Embedding(IDbContextFactory<PyboDb> dbs, string model)
    {
        var options = Options.Create(new PyboOptions { EmbeddingModel = model });
        return new(dbs, options, new(new([]), options, new TestEnvironment(AppContext.BaseDirectory)), NullLogger<EmbeddingModels>.Instance);
    }
}

internal sealed class TestEnvironment(string contentRoot) : IHostEnvironment
{
    public string EnvironmentName { get; set; } = Environments.Development;
    public string ApplicationName { get; set; } = "Pybo";
    public string ContentRootPath { get; set; } = contentRoot;
    public IFileProvider ContentRootFileProvider { get; set; } = new NullFileProvider();
}
