using Pybo.Pages.Resources;

namespace Pybo.Pages.Account;

/// <summary>Describes browser and system from the user agent: enough to recognise one's own devices, no more.</summary>
internal static class DeviceWords
{
    private const string Separator = " · ";

    /// <summary>The first match counts: most browsers also claim to be Chrome, and all to be Safari.</summary>
    private static readonly (string Mark, string Name)[] Browsers =
    [
        ("KAKAOTALK", "KakaoTalk"), ("NAVER(", "Naver"), ("Whale/", "Whale"), ("SamsungBrowser/", "Samsung Internet"), ("Edg", "Edge"), ("OPR/", "Opera"),
        ("FxiOS/", "Firefox"), ("Firefox/", "Firefox"), ("CriOS/", "Chrome"), ("Chrome/", "Chrome"), ("Chromium/", "Chromium"), ("Safari/", "Safari"), ("curl/", "curl"),
    ];

    private static readonly (string Mark, string Name)[] Systems =
    [
        ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("CrOS", "ChromeOS"), ("Macintosh", "macOS"), ("Linux", "Linux"),
    ];

    /// <summary>Returns the stored form: names only, and nothing for an unknown browser.</summary>
    public static string Of(string userAgent) => $"{Find(Browsers, userAgent)}{Separator}{Find(Systems, userAgent)}".TrimEnd([.. Separator]);

    /// <summary>Returns the form shown to a reader. Sessions of older versions stored words, which are shown unchanged.</summary>
    public static string Described(string device)
    {
        var at = device.IndexOf(Separator.Trim(), StringComparison.Ordinal);
        var (browser, system) = at < 0 ? (device, "") : (device[..at].Trim(), device[at..]);
        var name = browser switch
        {
            "" => AccountWords.DeviceUnknownBrowser,
            "KakaoTalk" => AccountWords.DeviceKakaoTalk,
            "Naver" => AccountWords.DeviceNaver,
            "Whale" => AccountWords.DeviceWhale,
            "Samsung Internet" => AccountWords.DeviceSamsungInternet,
            _ => browser,
        };
        return system.Length > 1 ? $"{name} {system}" : name;
    }

    private static string? Find((string Mark, string Name)[] known, string userAgent) =>
        known.FirstOrDefault(k => userAgent.Contains(k.Mark, StringComparison.Ordinal)).Name;
}
