using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Hosting;

namespace Pybo.Pages.Terminal;

/// <summary>
/// Separates the arguments that are settings (<c>--urls x</c>, <c>--Pybo:Database=x</c>) from the words and options of the commands: the host reads
/// the settings, and an unknown option is an error instead of an ignored setting.
/// </summary>
internal static partial class Settings
{
    /// <summary>The keys that the host itself reads without a section.</summary>
    private static readonly HashSet<string> HostKeys = new(StringComparer.OrdinalIgnoreCase)
    {
        HostDefaults.ApplicationKey, HostDefaults.ContentRootKey, HostDefaults.EnvironmentKey,
        WebHostDefaults.CaptureStartupErrorsKey, WebHostDefaults.DetailedErrorsKey, WebHostDefaults.HostingStartupAssembliesKey,
        WebHostDefaults.HostingStartupExcludeAssembliesKey, WebHostDefaults.HttpPortsKey, WebHostDefaults.HttpsPortsKey,
        WebHostDefaults.PreferHostingUrlsKey, WebHostDefaults.PreventHostingStartupKey, WebHostDefaults.ServerUrlsKey,
        WebHostDefaults.ShutdownTimeoutKey, WebHostDefaults.StartupAssemblyKey, WebHostDefaults.StaticWebAssetsKey,
        WebHostDefaults.SuppressStatusMessagesKey, WebHostDefaults.WebRootKey, "AllowedHosts", "https_port",
    };

    public static (string[] Settings, string[] Words) Part(IReadOnlyList<string> args)
    {
        var (settings, words) = (new List<string>(), new List<string>());
        for (var at = 0; at < args.Count; at++)
        {
            if (args[at] == "--")
            {
                words.AddRange(args.Skip(at));
                break;
            }

            if (Setting().Match(args[at]) is not { Success: true } match || !IsKey(match.Groups["key"].Value))
            {
                words.Add(args[at]);
                continue;
            }

            settings.Add(args[at]);
            if (!match.Groups["value"].Success && at + 1 < args.Count)
            {
                settings.Add(args[++at]);
            }
        }

        return ([.. settings], [.. words]);
    }

    private static bool IsKey(string key) => key.Contains(':', StringComparison.Ordinal) || HostKeys.Contains(key);

    [GeneratedRegex(@"^--(?<key>[A-Za-z][\w.]*(:[\w.*/-]+)*)(?<value>=.*)?$", RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Setting();
}
