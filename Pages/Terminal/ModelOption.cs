using System.CommandLine;
using Microsoft.Extensions.Options;
using Pybo.Rag.Models;

namespace Pybo.Pages.Terminal;

/// <summary><c>--model</c>: which generator answers, for the commands that answer.</summary>
internal static class ModelOption
{
    public static Option<string> Create() => new("--model")
    {
        Description = $"답을 쓸 모델의 이름이나 폴더. {InstalledGenerator.BuiltIn}: 인용만 / The model that writes answers, by name or folder",
        HelpName = "name",
    };

    /// <summary>The settings with the choice in them.</summary>
    public static string[] In(string[] settings, string? chosen) => chosen is null ? settings : [.. settings, $"--{PyboOptions.Section}:{nameof(PyboOptions.GenerationModel)}={chosen}"];

    /// <exception cref="CommandFailedException">What was chosen on the command line is not there: who names a model wants no other.</exception>
    public static void Require(IServiceProvider services, string? chosen)
    {
        if (chosen is not (null or InstalledGenerator.BuiltIn) && services.GetRequiredService<InstalledModels>().Generator(services.GetRequiredService<IOptions<PyboOptions>>().Value.GenerationModel) is null)
        {
            throw new CommandFailedException($"설치된 생성 모델이 아닙니다: {chosen} 'models list'로 이름을 보고, 'models pull {chosen}'로 받거나 'models add <폴더>'로 등록하세요.");
        }
    }
}
