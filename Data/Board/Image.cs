using System.Globalization;
using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace Pybo.Data;

/// <summary>A picture that a member uploaded for a post, re-encoded by the site. Its name is a secret until its author shares it: the site lists no images.</summary>
public sealed partial class Image
{
    /// <summary>The start of an image's address on the site; its name follows.</summary>
    public const string AddressStart = "/images/";

    /// <summary>The longer side of a stored image, in pixels.</summary>
    public const int SideMax = 2_000;

    /// <summary>The width of a thumbnail, in pixels; a narrower image has none.</summary>
    public const int ThumbnailWidth = 800;

    public const int NameMax = 42;

    /// <summary>128 random bits.</summary>
    private const int RandomBytes = 16;

    /// <summary>32 hexadecimal digits and the size, for example <c>0123456789abcdef0123456789abcdef-1200x900</c>. With the size in its name, a page reserves an image's room without asking the database.</summary>
    public required string Name { get; init; }

    public required long OwnerId { get; init; }
    public User? Owner { get; init; }
    public required ImageKind Kind { get; init; }
    public required int Width { get; init; }
    public required int Height { get; init; }

    /// <summary>The length of <see cref="Bytes"/> and <see cref="Thumbnail"/> together, for the member's quota.</summary>
    public required long Length { get; init; }

    public DateTime CreatedAt { get; init; } = DateTime.UtcNow;

    // The long columns are last: SQLite reads the ones before them without following their pages.
    public required byte[] Bytes { get; init; }
    public byte[]? Thumbnail { get; init; }

    public string Address => AddressStart + Name;

    public static string NewName(int width, int height) =>
        string.Create(CultureInfo.InvariantCulture, $"{RandomNumberGenerator.GetHexString(RandomBytes * 2, lowercase: true)}-{width}x{height}");

    /// <summary>Returns the size that an image's address states; null for any other address. The image itself may be gone.</summary>
    public static (int Width, int Height)? SizeOf(string address)
    {
        var match = Addresses().Match(address);
        return match.Success && match.Length == address.Length && Side(match.Groups[2]) is { } width && Side(match.Groups[3]) is { } height ? (width, height) : null;
    }

    /// <summary>Returns the names of the images that a text refers to.</summary>
    public static IEnumerable<string> NamesIn(string text) => Addresses().Matches(text).Select(match => match.Groups[1].Value);

    private static int? Side(Group digits) => int.Parse(digits.ValueSpan, CultureInfo.InvariantCulture) is > 0 and <= SideMax and var side ? side : null;

    [GeneratedRegex("/images/([0-9a-f]{32}-([0-9]{1,4})x([0-9]{1,4}))", RegexOptions.CultureInvariant)]
    private static partial Regex Addresses();
}

/// <summary>The format of a stored image.</summary>
public enum ImageKind
{
    Png = 1,
    Jpeg = 2,
    WebP = 3,
}
