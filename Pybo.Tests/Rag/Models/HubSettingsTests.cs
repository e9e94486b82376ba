using Microsoft.Extensions.Configuration;
using Pybo.Rag.Models;

namespace Pybo.Tests.Rag.Models;

public sealed class HubSettingsTests : IDisposable
{
    private readonly string home = Directory.CreateTempSubdirectory("pybo-hub-").FullName;

    public void Dispose() => Directory.Delete(home, recursive: true);

    [Fact]
    public void The_default_is_the_public_hub_without_a_token()
    {
        var settings = From(("HF_HOME", home));

        Assert.Equal("https://huggingface.co", settings.Base);
        Assert.Equal((null, Path.Combine(home, "hub"), false), (settings.Token, settings.CacheFolder, settings.IsOffline));
        Assert.Equal("https://huggingface.co/google/gemma", settings.PageOf("google/gemma").ToString());
    }

    [Fact]
    public void The_nearest_token_wins()
    {
        var elsewhere = Write("elsewhere", "hf_elsewhere\n");
        (string, string?)[] all = [("HF_HOME", home), ("HF_TOKEN", "hf_first"), ("HUGGING_FACE_HUB_TOKEN", "hf_second"), ("HF_TOKEN_PATH", elsewhere)];
        Write("token", " hf_home \n");

        Assert.Equal("hf_first", From(all).Token);
        Assert.Equal("hf_second", From([.. all.Where(v => v.Item1 != "HF_TOKEN")]).Token);
        Assert.Equal("hf_elsewhere", From(all[0], all[3]).Token);
        Assert.Equal("hf_home", From(all[0]).Token);
        Assert.Equal("hf_home", From(all[0], ("HF_TOKEN", " ")).Token);
    }

    [Fact]
    public void The_environment_sets_home_cache_and_endpoint()
    {
        var user = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        Assert.Equal(Path.Combine(home, "huggingface", "hub"), From(("XDG_CACHE_HOME", home)).CacheFolder);
        Assert.Equal(Path.Combine(user, "hf", "hub"), From(("HF_HOME", "~/hf")).CacheFolder);
        Assert.Equal(home, From(("HF_HUB_CACHE", home)).CacheFolder);
        Assert.Equal("http://mirror.example/hf", From(("HF_HOME", home), ("HF_ENDPOINT", "http://mirror.example/hf/")).Base);
    }

    [Theory]
    [InlineData("1", true)]
    [InlineData("true", true)]
    [InlineData("0", false)]
    [InlineData("", false)]
    public void Offline_is_a_switch(string value, bool isOffline) => Assert.Equal(isOffline, From(("HF_HOME", home), ("HF_HUB_OFFLINE", value)).IsOffline);

    [Theory]
    [InlineData("HF_ENDPOINT", "ftp://mirror.example")]
    [InlineData("HF_ENDPOINT", "mirror")]
    [InlineData("HF_TOKEN", "hf_a\r\nX-Evil: 1")]
    [InlineData("HF_TOKEN", "한글")]
    public void An_invalid_value_is_reported_by_its_name(string name, string value) =>
        Assert.Contains(name, Assert.Throws<ModelException>(() => From(("HF_HOME", home), (name, value))).Said(), StringComparison.Ordinal);

    [Fact]
    public void An_invalid_token_file_is_reported()
    {
        Write("token", new string('a', 5_000));
        Assert.Contains("토큰", Assert.Throws<ModelException>(() => From(("HF_HOME", home))).Said(), StringComparison.Ordinal);
    }

    private static HubSettings From(params (string Name, string? Value)[] values) =>
        HubSettings.From(new ConfigurationBuilder().AddInMemoryCollection(values.ToDictionary(v => v.Name, v => v.Value)).Build());

    private string Write(string name, string content)
    {
        var file = Path.Combine(home, name);
        File.WriteAllText(file, content);
        return file;
    }
}
