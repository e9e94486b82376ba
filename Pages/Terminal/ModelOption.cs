using System.CommandLine;
using Microsoft.Extensions.Options;
using Pybo.Data;
using Pybo.Pages.Resources;
using Pybo.Rag.Models;

namespace Pybo.Pages.Terminal;

/// <summary><c>--model</c>: chooses the generator, for the commands that answer.</summary>
internal static class ModelOption
{
    public static Option<string> Create() => new("--model")
    {
        Description = TerminalWords.ModelOption.With(InstalledGenerator.BuiltIn),
        HelpName = "name",
    };

    /// <summary>Returns the settings with the choice added.</summary>
    public static string[] In(string[] settings, string? chosen) => chosen is null ? settings : [.. settings, $"--{PyboOptions.Section}:{nameof(PyboOptions.GenerationModel)}={chosen}"];

    /// <exception cref="CommandFailedException">The model chosen on the command line is not installed; no other one may replace it.</exception>
    public static void Require(IServiceProvider services, string? chosen)
    {
        if (chosen is not (null or InstalledGenerator.BuiltIn) && services.GetRequiredService<InstalledModels>().Generator(services.GetRequiredService<IOptions<PyboOptions>>().Value.GenerationModel) is null)
        {
            throw new CommandFailedException(TerminalWords.NoGenerator.With(chosen));
        }
    }
}
