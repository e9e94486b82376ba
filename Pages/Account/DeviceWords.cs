namespace Pybo.Pages.Account;

/// <summary>Browser and system in words, from what a browser says of itself: enough to know one's own devices again, no more.</summary>
internal static class DeviceWords
{
    private const string UnknownBrowser = "알 수 없는 브라우저";

    /// <summary>The first that fits: most browsers also claim to be Chrome, and all to be Safari.</summary>
    private static readonly (string Mark, string Name)[] Browsers =
    [
        ("KAKAOTALK", "카카오톡"), ("NAVER(", "네이버 앱"), ("Whale/", "네이버 웨일"), ("SamsungBrowser/", "삼성 인터넷"), ("Edg", "Edge"), ("OPR/", "Opera"),
        ("FxiOS/", "Firefox"), ("Firefox/", "Firefox"), ("CriOS/", "Chrome"), ("Chrome/", "Chrome"), ("Chromium/", "Chromium"), ("Safari/", "Safari"), ("curl/", "curl"),
    ];

    private static readonly (string Mark, string Name)[] Systems =
    [
        ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("CrOS", "ChromeOS"), ("Macintosh", "macOS"), ("Linux", "Linux"),
    ];

    public static string Of(string userAgent)
    {
        var browser = Find(Browsers, userAgent) ?? UnknownBrowser;
        return Find(Systems, userAgent) is { } system ? $"{browser} · {system}" : browser;
    }

    private static string? Find((string Mark, string Name)[] known, string userAgent) =>
        known.FirstOrDefault(k => userAgent.Contains(k.Mark, StringComparison.Ordinal)).Name;
}
