namespace Pybo.Tests;

public sealed class GroundTests
{
    [Fact]
    public void Native_libraries_are_next_to_the_program()
    {
        var native = Path.Combine(AppContext.BaseDirectory, "runtimes");
        Assert.Contains(Directory.EnumerateFiles(native, "*", SearchOption.AllDirectories), f => Path.GetFileName(f).StartsWith("vec0", StringComparison.Ordinal));
    }
}
