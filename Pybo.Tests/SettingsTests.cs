using System.Globalization;
using Pybo.Data;
using Pybo.Pages.Terminal;

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
            var shown = value is "" ? "–" : value is bool flag ? flag ? "`true`" : "`false`" : $"`{value}`";
            Assert.Contains($"| `{PyboOptions.Section}:{property.Name}` | {shown} |", readme, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("ko", "Pybo:ContextTokens은(는) 1,536부터 32,768까지입니다.", "Pybo:Language은(는) ko, en 가운데 하나여야 합니다.", "Pybo:Database에 값이 필요합니다.", "Pybo:GenerationModel은(는) 1,000자까지입니다.")]
    [InlineData("en", "Pybo:ContextTokens must be between 1,536 and 32,768.", "Pybo:Language must be one of ko, en.", "Pybo:Database needs a value.", "Pybo:GenerationModel can have up to 1,000 characters.")]
    public void A_wrong_setting_is_explained(string language, string tokens, string languages, string database, string model)
    {
        CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(language);
        var refused = new SettingsRules().Validate(null, new() { ContextTokens = 1, Language = "de", Database = "", GenerationModel = new string('x', 1_001) });
        Assert.Equal([tokens, database, model, languages], refused.Failures!.Order(StringComparer.Ordinal));
        Assert.True(new SettingsRules().Validate(null, new()).Succeeded);
    }
}
