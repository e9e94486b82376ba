using System.Globalization;

namespace Pybo.Pages.Chat;

/// <summary>Builds the addresses of conversations.</summary>
internal static class ChatUrl
{
    public static string Of(long conversationId) => string.Create(CultureInfo.InvariantCulture, $"/chat/{conversationId}");

    public static string Shared(string key) => $"/chat/shared/{key}";

    /// <summary>The newest path, at one of its turns.</summary>
    public static string Newest(long conversationId, long turnId) => string.Create(CultureInfo.InvariantCulture, $"/chat/{conversationId}#turn-{turnId}");

    /// <summary>The path through a turn, which may be an older version.</summary>
    public static string Of(long conversationId, long turnId) => string.Create(CultureInfo.InvariantCulture, $"/chat/{conversationId}?turn={turnId}#turn-{turnId}");
}
