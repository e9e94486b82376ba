using System.ComponentModel.DataAnnotations;
using System.Reflection;
using Microsoft.Extensions.Options;
using Pybo.Data;
using Pybo.Pages.Mail;
using Pybo.Pages.Resources;
using Pybo.Rag.Outgoing;

namespace Pybo.Pages.Terminal;

/// <summary>Validates the settings, with messages for the person who starts the site.</summary>
internal sealed class SettingsRules : IValidateOptions<PyboOptions>
{
    public ValidateOptionsResult Validate(string? name, PyboOptions options)
    {
        var faults = typeof(PyboOptions).GetProperties().SelectMany(setting => Faults(setting, options)).Concat(OutgoingSettings.Faults(options).Select(NoticeWords.Of)).Concat(MailSettings.Faults(options)).ToList();
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static IEnumerable<string> Faults(PropertyInfo setting, PyboOptions options) => setting.GetCustomAttributes<ValidationAttribute>()
        .Where(rule => !rule.IsValid(setting.GetValue(options)))
        .Select(rule => Sentence(rule, $"{PyboOptions.Section}:{setting.Name}"));

    private static string Sentence(ValidationAttribute rule, string setting) => rule switch
    {
        RequiredAttribute => TerminalWords.SettingRequired.With(setting),
        StringLengthAttribute length => TerminalWords.SettingTooLong.With(setting, length.MaximumLength),
        RangeAttribute range => TerminalWords.SettingRange.With(setting, range.Minimum, range.Maximum),
        AllowedValuesAttribute allowed => TerminalWords.SettingOneOf.With(setting, string.Join(", ", allowed.Values)),
        _ => throw new NotSupportedException($"{setting} has a rule without words: {rule.GetType().Name}."),
    };
}
