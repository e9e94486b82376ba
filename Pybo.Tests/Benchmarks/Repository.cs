namespace Pybo.Benchmarks;

/// <summary>The folders of the checkout that a benchmark runs from.</summary>
internal static class Repository
{
    /// <summary>The folder that holds Pybo.csproj; the current folder outside a checkout.</summary>
    public static string Root { get; } = FindRoot();

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Pybo.csproj")))
            {
                return folder.FullName;
            }
        }

        return Environment.CurrentDirectory;
    }
}
