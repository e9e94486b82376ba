using System.Globalization;

namespace Pybo.Rag.Models;

/// <summary>Formats bytes for readers, in powers of a thousand as disks and downloads are sold, to three digits: <c>3.28 GB</c>.</summary>
public static class ByteCount
{
    private static readonly string[] Units = ["B", "kB", "MB", "GB", "TB"];

    public static string Text(long bytes)
    {
        var (value, unit) = ((double)bytes, 0);
        while (value >= 1000 && unit < Units.Length - 1)
        {
            (value, unit) = (value / 1000, unit + 1);
        }

        var decimals = unit == 0 || value >= 100 ? 0 : value >= 10 ? 1 : 2;
        return string.Create(CultureInfo.InvariantCulture, $"{Math.Round(value, decimals)} {Units[unit]}");
    }
}
