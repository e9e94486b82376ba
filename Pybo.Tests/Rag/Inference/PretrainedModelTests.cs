using Microsoft.Extensions.DependencyInjection;
using Pybo.Rag.Inference;
using Pybo.Tests.Pages;

namespace Pybo.Tests.Rag.Inference;

/// <summary>A model that only continues a text is told apart from one that follows instructions, and readers and administrators are warned.</summary>
public sealed class PretrainedModelTests
{
    [Theory]
    [InlineData("gemma-3-4b-it", "gemma3_text", true, false)]
    [InlineData("gemma-3-4b", "gemma3_text", true, true)]
    [InlineData("gemma-3-4b-pt", "gemma3_text", false, true)]
    [InlineData("Qwen3-4B", "qwen3", true, false)]
    [InlineData("Qwen3-4B-Base", "qwen3", true, true)]
    [InlineData("Llama-3.2-1B", "llama", false, true)]
    [InlineData("Llama-3.2-1B-Instruct", "llama", false, false)]
    [InlineData("llama-2-7b_chat", "llama", false, false)]
    [InlineData("kit-base-1b", "llama", true, true)]
    public void The_name_decides_then_the_family_and_the_template(string name, string type, bool hasTemplate, bool isPretrained)
    {
        using var toy = new ToyLanguageModel(ToyLayout.Shared);
        var folder = LanguageModelFolder.Read(toy.Path, name) with { ModelType = type, PublishedTemplate = hasTemplate ? "{{ messages }}" : null };
        Assert.Equal(isPretrained, folder.IsPretrained);
    }

    [Theory]
    [InlineData("pt", true)]
    [InlineData("instruct", false)]
    public async Task The_chat_and_the_models_page_warn(string kind, bool warns)
    {
        using var toy = new ToyLanguageModel(ToyLayout.Shared, contextTokens: 4_096);
        await using var site = new PyboSite().WithSetting("Pybo:EmbeddingModel", "no-such-folder").WithSetting("Pybo:GenerationModel", $"toy-{kind}");
        var administrator = await site.SignUpAsync("주인장");
        await site.Services.GetRequiredService<Pybo.Rag.Models.ModelStore>().AddAsync(toy.Path, $"toy-{kind}", TestContext.Current.CancellationToken);
        Assert.Equal(warns, (await administrator.SeeAsync("/chat")).QuerySelector(".answerer-warning") is not null);
        Assert.Equal(warns, (await administrator.SeeAsync("/admin/models")).GetElementById($"model-toy-{kind}")!.TextContent.Contains("사전 학습만 한 모델", StringComparison.Ordinal));
    }
}
