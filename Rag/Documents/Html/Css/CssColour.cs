using System.Drawing;
using System.Globalization;

namespace Pybo.Rag.Documents.Html.Css;

/// <summary>A colour in sRGB: channels from 0 to 255, opacity from 0 to 1.</summary>
internal readonly record struct CssColour(double Red, double Green, double Blue, double Alpha = 1)
{
    /// <summary>The largest difference that a person does not see: <c>#efefef</c> on white is not read, <c>#eee</c> may be.</summary>
    private const double DifferenceMax = 16;

    public static readonly CssColour Black = new(0, 0, 0);
    public static readonly CssColour White = new(255, 255, 255);
    public static readonly CssColour Link = new(0, 0, 238);
    public static readonly CssColour Transparent = new(0, 0, 0, 0);

    /// <summary>Returns this colour painted on an opaque one.</summary>
    public CssColour Over(CssColour below, double opacity = 1)
    {
        var alpha = Math.Clamp(Alpha * opacity, 0, 1);
        return new(Mix(Red, below.Red), Mix(Green, below.Green), Mix(Blue, below.Blue));

        double Mix(double above, double under) => (above * alpha) + (under * (1 - alpha));
    }

    public bool IsNear(CssColour other) => Math.Abs(Red - other.Red) <= DifferenceMax && Math.Abs(Green - other.Green) <= DifferenceMax && Math.Abs(Blue - other.Blue) <= DifferenceMax;

    /// <summary>Returns the colour of a CSS name; null for another word.</summary>
    public static CssColour? Named(string name)
    {
        var known = Color.FromName(name.Replace("grey", "gray", StringComparison.OrdinalIgnoreCase));
        if (known is { IsKnownColor: true, IsSystemColor: false })
        {
            return new(known.R, known.G, known.B, known.A / 255.0);
        }

        return name.ToLowerInvariant() switch
        {
            "canvas" or "field" or "buttonface" => White,
            "canvastext" or "fieldtext" or "buttontext" => Black,
            "linktext" => Link,
            _ => null,
        };
    }

    /// <summary>Reads <c>fff</c>, <c>ffff</c>, <c>ffffff</c>, <c>ffffffff</c>: the digits after the number sign.</summary>
    public static CssColour? Hexadecimal(ReadOnlySpan<char> digits)
    {
        if (digits.Length is not (3 or 4 or 6 or 8) || !uint.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
        {
            return null;
        }

        return digits.Length switch
        {
            3 => new(Short(8), Short(4), Short(0)),
            4 => new(Short(12), Short(8), Short(4), Short(0) / 255.0),
            6 => new(Byte(16), Byte(8), Byte(0)),
            _ => new(Byte(24), Byte(16), Byte(8), Byte(0) / 255.0),
        };

        double Short(int shift) => ((value >> shift) & 0xF) * 17;
        double Byte(int shift) => (value >> shift) & 0xFF;
    }

    /// <summary>Reads the value of <c>bgcolor</c>, <c>color</c> and <c>text</c> by the HTML standard's rules for legacy colours, which accept nearly everything.</summary>
    public static CssColour? Legacy(string value)
    {
        const int lengthMax = 128;
        var text = value.Trim();
        if (text.Length == 0 || text.Equals("transparent", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        if (Color.FromName(text.Replace("grey", "gray", StringComparison.OrdinalIgnoreCase)) is { IsKnownColor: true, IsSystemColor: false })
        {
            return Named(text);
        }

        if (text is ['#', _, _, _] && Hexadecimal(text.AsSpan(1)) is { } three)
        {
            return three;
        }

        text = text.Length > lengthMax ? text[..lengthMax] : text;
        var digits = string.Concat(text.TrimStart('#').Select(c => char.IsAsciiHexDigit(c) ? c : '0'));
        digits = digits.PadRight(Math.Max(3, (digits.Length + 2) / 3 * 3), '0');
        var length = digits.Length / 3;
        var parts = new[] { digits[..length], digits[length..(2 * length)], digits[(2 * length)..] };
        var cut = Math.Max(0, length - 8);
        parts = [.. parts.Select(part => part[cut..])];
        while (parts[0].Length > 2 && parts.All(part => part[0] == '0'))
        {
            parts = [.. parts.Select(part => part[1..])];
        }

        return new(Value(parts[0]), Value(parts[1]), Value(parts[2]));

        static double Value(string part) => Convert.ToInt32(part.Length > 2 ? part[..2] : part, 16);
    }

    /// <summary>Converts from hue in degrees, saturation and lightness from 0 to 1.</summary>
    public static CssColour Hsl(double hue, double saturation, double lightness, double alpha)
    {
        return new(Channel(0), Channel(8), Channel(4), alpha);

        double Channel(double n)
        {
            var k = (n + (hue / 30)) % 12;
            k = k < 0 ? k + 12 : k;
            return 255 * (lightness - (saturation * Math.Min(lightness, 1 - lightness) * Math.Max(-1, Math.Min(Math.Min(k - 3, 9 - k), 1))));
        }
    }

    public static CssColour Hwb(double hue, double white, double black, double alpha)
    {
        if (white + black >= 1)
        {
            var grey = 255 * white / (white + black);
            return new(grey, grey, grey, alpha);
        }

        var pure = Hsl(hue, 1, 0.5, alpha);
        return new(Of(pure.Red), Of(pure.Green), Of(pure.Blue), alpha);

        double Of(double channel) => (channel * (1 - white - black)) + (255 * white);
    }

    /// <summary>Converts from CIE Lab (D50): lightness from 0 to 100.</summary>
    public static CssColour Lab(double lightness, double a, double b, double alpha)
    {
        const double epsilon = 216.0 / 24389;
        const double kappa = 24389.0 / 27;
        var fy = (lightness + 16) / 116;
        var (x, y, z) = (Inverse((a / 500) + fy) * 0.96422, lightness > kappa * epsilon ? fy * fy * fy : lightness / kappa, Inverse(fy - (b / 200)) * 0.82521);
        return Linear(
            (3.1338561 * x) - (1.6168667 * y) - (0.4906146 * z),
            (-0.9787684 * x) + (1.9161415 * y) + (0.0334540 * z),
            (0.0719453 * x) - (0.2289914 * y) + (1.4052427 * z),
            alpha);

        static double Inverse(double f) => f * f * f > epsilon ? f * f * f : ((116 * f) - 16) / kappa;
    }

    /// <summary>Converts from Oklab: lightness from 0 to 1.</summary>
    public static CssColour Oklab(double lightness, double a, double b, double alpha)
    {
        var l = Cube(lightness + (0.3963377774 * a) + (0.2158037573 * b));
        var m = Cube(lightness - (0.1055613458 * a) - (0.0638541728 * b));
        var s = Cube(lightness - (0.0894841775 * a) - (1.2914855480 * b));
        return Linear(
            (4.0767416621 * l) - (3.3077115913 * m) + (0.2309699292 * s),
            (-1.2684380046 * l) + (2.6097574011 * m) - (0.3413193965 * s),
            (-0.0041960863 * l) - (0.7034186147 * m) + (1.7076147010 * s),
            alpha);

        static double Cube(double value) => value * value * value;
    }

    /// <summary>Converts from linear light to sRGB's coded values, clipped to its range.</summary>
    public static CssColour Linear(double red, double green, double blue, double alpha)
    {
        return new(Coded(red), Coded(green), Coded(blue), alpha);

        static double Coded(double light) => 255 * Math.Clamp(light <= 0.0031308 ? 12.92 * light : (1.055 * Math.Pow(light, 1 / 2.4)) - 0.055, 0, 1);
    }
}
