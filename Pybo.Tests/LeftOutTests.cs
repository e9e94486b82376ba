using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text.RegularExpressions;

namespace Pybo.Tests;

/// <summary>A published program leaves out unneeded assemblies of the framework (Natives.targets). Code that needs one of them would fail only in the published program.</summary>
public sealed partial class LeftOutTests
{
    [Fact]
    public void No_code_and_no_package_refers_to_an_assembly_that_is_left_out()
    {
        var leftOut = Names().Matches(File.ReadAllText(Path.Combine(Repository.Root, "Natives.targets")))
            .SelectMany(match => match.Groups[1].Value.Split(';')).Select(Path.GetFileNameWithoutExtension).ToHashSet();
        Assert.True(leftOut.Count > 10);
        var (open, seen) = (new Queue<string>(["Pybo"]), new HashSet<string> { "Pybo" });
        while (open.TryDequeue(out var name))
        {
            foreach (var referred in References(Path.Combine(AppContext.BaseDirectory, name + ".dll")))
            {
                Assert.False(leftOut.Contains(referred), $"{name} refers to {referred}.");
                // The framework's own assemblies are not in this folder, except its facade, which forwards types that no code uses.
                if (File.Exists(Path.Combine(AppContext.BaseDirectory, referred + ".dll")) && seen.Add(referred))
                {
                    open.Enqueue(referred);
                }
            }
        }

        Assert.Contains("UglyToad.PdfPig", seen);
    }

    private static List<string> References(string path)
    {
        using var file = new PEReader(File.OpenRead(path));
        var metadata = file.GetMetadataReader();
        return [.. metadata.AssemblyReferences.Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name))];
    }

    [GeneratedRegex("<UnusedAssembly Include=\"([^\"]+)\"")]
    private static partial Regex Names();
}
