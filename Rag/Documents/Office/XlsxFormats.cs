using System.Globalization;
using System.Text;

namespace Pybo.Rag.Documents.Office;

/// <summary>The number formats of a workbook's cells: a number is written as a date, a time, a percentage or a number, simply.</summary>
internal sealed class XlsxFormats
{
    private const int FormatsMax = 100_000;

    /// <summary>31 December 9999.</summary>
    private const double DaysMax = 2_958_466;

    private readonly List<Kind> cells = [];
    private readonly bool startsIn1904;

    public XlsxFormats(OfficePackage package, string? part, bool startsIn1904)
    {
        this.startsIn1904 = startsIn1904;
        var codes = new Dictionary<int, string>();
        var isInCells = false;
        foreach (var xml in package.Nodes(part))
        {
            if (xml.Name == "cellXfs")
            {
                isInCells = xml.IsStart;
            }
            else if (xml.IsStart && xml.Name == "numFmt" && codes.Count < FormatsMax)
            {
                codes.TryAdd(Id(xml.Attribute("numFmtId")), xml.Attribute("formatCode") ?? "");
            }
            else if (xml.IsStart && isInCells && xml.Name == "xf" && cells.Count < FormatsMax)
            {
                var id = Id(xml.Attribute("numFmtId"));
                cells.Add(codes.TryGetValue(id, out var code) ? KindOf(code) : BuiltIn(id));
            }
        }
    }

    /// <summary>What a cell shows; a number that cannot be read is shown as it stands.</summary>
    /// <param name="style">The index of the cell's format.</param>
    public string Text(string number, string? style)
    {
        if (!double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) || !double.IsFinite(value))
        {
            return number;
        }

        var kind = int.TryParse(style, NumberStyles.None, CultureInfo.InvariantCulture, out var at) && at < cells.Count ? cells[at] : default;
        return kind switch
        {
            { HasDate: true } or { HasTime: true } when value >= 0 && value < DaysMax => Moment(value, kind),
            { IsPercentage: true } => (value * 100).ToString("0." + kind.OptionalDigits, CultureInfo.InvariantCulture) + "%",
            { HasThousands: true } => value.ToString("#,##0." + kind.OptionalDigits, CultureInfo.InvariantCulture),
            _ => value.ToString("G15", CultureInfo.InvariantCulture),
        };
    }

    private string Moment(double days, Kind kind)
    {
        // 1900 is a leap year to Excel: its days before 1 March are one too few from 30 December 1899.
        var first = startsIn1904 ? new DateTime(1904, 1, 1) : days < 60 ? new DateTime(1899, 12, 31) : new DateTime(1899, 12, 30);
        var moment = first.AddSeconds(Math.Min(Math.Round(days * 86_400), (DateTime.MaxValue - first).TotalSeconds - 1));
        var time = moment.ToString(moment.Second == 0 ? "HH:mm" : "HH:mm:ss", CultureInfo.InvariantCulture);
        if (kind is { HasDate: false, IsElapsed: true })
        {
            var minutes = (long)Math.Round(days * 86_400) / 60;
            return string.Create(CultureInfo.InvariantCulture, $"{minutes / 60}:{minutes % 60:00}");
        }

        return (kind.HasDate, kind.HasTime) switch
        {
            (true, true) => moment.ToString("yyyy-MM-dd ", CultureInfo.InvariantCulture) + time,
            (true, false) => moment.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            _ => time,
        };
    }

    private static int Id(string? text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0;

    /// <summary>ECMA-376 part 1, 18.8.30; 27 to 36 and 50 to 58 are dates of East Asian editions, of which Korean has 32 and 33 as times.</summary>
    private static Kind BuiltIn(int id) => id switch
    {
        3 or 4 or (>= 37 and <= 44) => new() { HasThousands = true },
        9 or 10 => new() { IsPercentage = true },
        18 or 19 or 20 or 21 or 32 or 33 or 45 or 47 => new() { HasTime = true },
        22 => new() { HasDate = true, HasTime = true },
        46 => new() { HasTime = true, IsElapsed = true },
        (>= 14 and <= 17) or (>= 27 and <= 36) or (>= 50 and <= 58) => new() { HasDate = true },
        _ => default,
    };

    /// <summary>The letters of a format code outside quotes; an <c>m</c> is a month unless hours or seconds stand there too.</summary>
    private static Kind KindOf(string code)
    {
        var letters = Letters(code, out var isElapsed);
        var hasTime = letters.AsSpan().ContainsAny('h', 's') || isElapsed;
        var hasDate = letters.AsSpan().ContainsAny('y', 'd', 'e') && !letters.Contains("e+", StringComparison.Ordinal);
        var isGeneral = letters.StartsWith("general", StringComparison.Ordinal);
        return new()
        {
            HasTime = hasTime && !isGeneral,
            HasDate = (hasDate || (letters.Contains('m', StringComparison.Ordinal) && !hasTime)) && !isGeneral,
            IsElapsed = isElapsed,
            IsPercentage = letters.Contains('%', StringComparison.Ordinal),
            HasThousands = letters.Contains("#,#", StringComparison.Ordinal) || letters.Contains("0,0", StringComparison.Ordinal),
            Decimals = DecimalsOf(letters),
        };
    }

    private static int DecimalsOf(string letters)
    {
        var point = letters.IndexOf('.', StringComparison.Ordinal);
        var digits = point < 0 ? [] : letters.AsSpan(point + 1);
        return digits.Length - digits.TrimStart("0#?").Length;
    }

    /// <summary>The first section of a code without quoted words, escaped characters, colours and locales.</summary>
    private static string Letters(string code, out bool isElapsed)
    {
        const int codeCharactersMax = 1_000;
        var letters = new StringBuilder();
        isElapsed = false;
        for (var at = 0; at < Math.Min(code.Length, codeCharactersMax) && code[at] != ';'; at++)
        {
            var close = code[at] switch { '"' => code.IndexOf('"', at + 1), '[' => code.IndexOf(']', at + 1), '\\' or '_' or '*' => at + 1, _ => at };
            if (close < 0)
            {
                break;
            }

            isElapsed |= code[at] == '[' && code.AsSpan(at + 1, close - at - 1).TrimStart("hHmMsS").IsEmpty;
            if (close == at)
            {
                letters.Append(char.ToLowerInvariant(code[at]));
            }

            at = close;
        }

        return letters.ToString();
    }

    private readonly record struct Kind(bool HasDate, bool HasTime, bool IsElapsed, bool IsPercentage, bool HasThousands, int Decimals)
    {
        private const int DecimalsMin = 2;

        /// <summary>More digits a number does not have.</summary>
        private const int DecimalsMax = 15;

        /// <summary>The format's decimals, those that are zero left out.</summary>
        public string OptionalDigits => new('#', Math.Clamp(Decimals, DecimalsMin, DecimalsMax));
    }
}
