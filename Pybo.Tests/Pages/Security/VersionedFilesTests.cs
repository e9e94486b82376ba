using System.Net;

namespace Pybo.Tests.Pages.Security;

public sealed class VersionedFilesTests
{
    private const string Web = "wwwroot";

    /// <summary>Licences go with the program; no page asks for them.</summary>
    private static readonly string[] NotServed =
    [
        "LICENSE", "cmaps/LICENSE", "standard_fonts/LICENSE_FOXIT", "standard_fonts/LICENSE_LIBERATION",
        "wasm/LICENSE_JBIG2", "wasm/LICENSE_OPENJPEG", "wasm/LICENSE_PDFJS_JBIG2", "wasm/LICENSE_PDFJS_OPENJPEG",
    ];

    [Fact]
    public async Task Every_file_of_the_viewer_is_served()
    {
        var folder = Path.Combine(Repository.Root, Web, "lib", "pdfjs");
        var files = Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(folder, file).Replace('\\', '/')).Except(NotServed).Order(StringComparer.Ordinal).ToList();
        Assert.Contains("cmaps/KSCms-UHC-H.bcmap", files);
        await using var site = new PyboSite();
        var visitor = site.Visit();
        List<string> missing = [];
        foreach (var file in files)
        {
            using var answer = await visitor.Http.GetAsync(new Uri($"/lib/pdfjs/{file}", UriKind.Relative));
            if (answer.StatusCode != HttpStatusCode.OK || answer.Content.Headers.ContentType is null)
            {
                missing.Add($"{file}: {(int)answer.StatusCode}");
            }
        }

        Assert.Empty(missing);
    }
}
