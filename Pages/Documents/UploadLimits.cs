using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc.ApplicationModels;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Options;
using Pybo.Data;

namespace Pybo.Pages.Documents;

/// <summary>Sets the size limit of an upload: larger than any other request's, and set on the server before it reads anything.</summary>
internal sealed class UploadLimits(IOptions<PyboOptions> options) : IConfigureOptions<RazorPagesOptions>
{
    /// <summary>Files of the largest size in one request; further ones need another request.</summary>
    private const int LargestFilesPerRequest = 5;

    /// <summary>The size of the form around the files: fields, boundaries, names.</summary>
    private const long FormBytes = 1_000_000;

    public static long RequestBytesMax(PyboOptions options) => (options.UploadBytesMax * LargestFilesPerRequest) + FormBytes;

    public static void Add(IServiceCollection services) =>
        services.AddScoped<UploadReader>().AddSingleton<UploadFolder>().AddHostedService(provider => provider.GetRequiredService<UploadFolder>()).AddSingleton<IConfigureOptions<RazorPagesOptions>, UploadLimits>();

    public void Configure(RazorPagesOptions pages) => pages.Conventions.AddPageApplicationModelConvention(
        "/Documents/Upload", page => page.EndpointMetadata.Add(new SizeLimit(RequestBytesMax(options.Value))));

    private sealed record SizeLimit(long? MaxRequestBodySize) : IRequestSizeLimitMetadata;
}

/// <summary>Keeps the binder from reading a form that the handler reads itself, piece by piece.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class ReadsFormItselfAttribute : Attribute, IResourceFilter
{
    public void OnResourceExecuting(ResourceExecutingContext context)
    {
        context.ValueProviderFactories.RemoveType<FormValueProviderFactory>();
        context.ValueProviderFactories.RemoveType<FormFileValueProviderFactory>();
        context.ValueProviderFactories.RemoveType<JQueryFormValueProviderFactory>();
    }

    public void OnResourceExecuted(ResourceExecutedContext context)
    {
    }
}
