namespace Pybo.Tests;

/// <summary>The folder of the sources, and the reference data next to it if available.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>A path in the reference data, which is not part of the repository; the test is skipped by name if it is absent.</summary>
    public static string Shared(string path)
    {
        var full = Path.GetFullPath(Path.Combine(Root, "..", "shared", path));
        Assert.SkipUnless(Path.Exists(full), $"../shared/{path} is not here");
        return full;
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Pybo.csproj")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException("The tests must run from a folder inside the repository.");
    }
}
