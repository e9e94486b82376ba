using System.Net;

namespace Pybo.Tests.Pages.Security;

public sealed class VersionedFilesTests
{
    private const string Web = "wwwroot";

    /// <summary>Read in the folder of the files, and not part of the viewer.</summary>
    private const string Licence = "LICENSE";

    [Fact]
    public async Task Every_file_of_the_viewer_is_served()
    {
        var folder = Path.Combine(Repository.Root, Web, "lib", "pdfjs");
        var files = Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Where(file => !Path.GetFileName(file).StartsWith(Licence, StringComparison.Ordinal))
            .Select(file => Path.GetRelativePath(folder, file).Replace('\\', '/')).Order(StringComparer.Ordinal).ToList();
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
