using Pybo.Pages.Terminal;

namespace Pybo.Tests.Pages.Terminal;

public sealed class SettingsPartTests
{
    [Theory]
    [InlineData("", "", "")]
    [InlineData("--urls http://localhost:1", "--urls http://localhost:1", "")]
    [InlineData("--urls=http://localhost:1 serve", "--urls=http://localhost:1", "serve")]
    [InlineData("--environment=Development --contentRoot=/x --applicationName=Pybo", "--environment=Development --contentRoot=/x --applicationName=Pybo", "")]
    [InlineData("search --Pybo:EmbeddingModel none 말", "--Pybo:EmbeddingModel none", "search 말")]
    [InlineData("--Logging:LogLevel:Microsoft.AspNetCore=Debug", "--Logging:LogLevel:Microsoft.AspNetCore=Debug", "")]
    [InlineData("search 말 --limit 3 --json", "", "search 말 --limit 3 --json")]
    [InlineData("--dv x.db", "", "--dv x.db")]
    [InlineData("search -- --urls x", "", "search -- --urls x")]
    [InlineData("--Pybo:Database", "--Pybo:Database", "")]
    public void Settings_are_separated_from_other_arguments(string args, string settings, string words)
    {
        var parted = Settings.Part(args.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(settings, string.Join(' ', parted.Settings));
        Assert.Equal(words, string.Join(' ', parted.Words));
    }
}
