using Microsoft.Extensions.Options;
using Pybo.Pages.Resources;
using Pybo.Rag.Outgoing;

namespace Pybo.Pages.Terminal;

/// <summary>What the attributes of <see cref="PyboOptions"/> cannot say, in words for the person who starts the site.</summary>
internal sealed class SettingsRules : IValidateOptions<PyboOptions>
{
    public ValidateOptionsResult Validate(string? name, PyboOptions options)
    {
        var faults = OutgoingSettings.Faults(options).Select(NoticeWords.Of).ToList();
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
