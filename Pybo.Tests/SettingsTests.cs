namespace Pybo.Tests;

public sealed class SettingsTests
{
    [Fact]
    public void Every_setting_is_in_the_table_of_the_README()
    {
        var readme = File.ReadAllText(Path.Combine(Repository.Root, "README.md"));
        foreach (var property in typeof(PyboOptions).GetProperties())
        {
            var value = property.GetValue(new PyboOptions());
            var shown = value is "" ? "–" : $"`{value}`";
            Assert.Contains($"| `{PyboOptions.Section}:{property.Name}` | {shown} |", readme, StringComparison.Ordinal);
        }
    }
}
