using System.Collections.Frozen;
using System.Globalization;
using ExcelNumberFormat;

namespace Pybo.Rag.Documents.Office;

/// <summary>A number format: converts a cell's number, date or text to the displayed text. ExcelNumberFormat reads the code and writes the value.</summary>
/// <remarks>
/// Where the library and Excel differ, Excel wins: the code is rewritten before it is read (<see cref="XlsxFormatCode"/>); negative numbers are written with
/// their own section alone, because General, fractions and exponents would keep a second sign; times are rounded to the second and numbers to fifteen digits
/// first. A value that the library cannot write, and one that Excel shows as a row of hashes, is shown as a plain number.
/// </remarks>
internal sealed class XlsxNumberFormat(string code)
{
    /// <summary>Excel's own limit for a code.</summary>
    public const int CodeCharactersMax = 255;

    private const double SecondsPerDay = 86_400;

    /// <summary>31 December 9999 plus one day.</summary>
    private const double DaysMax = 2_958_466;

    /// <summary>The days from 1900 to 1904.</summary>
    private const double Days1904 = 1_462;

    /// <summary>The library counts elapsed seconds, and the whole of a fraction, as an <see cref="int"/>.</summary>
    private const double WholeMax = int.MaxValue;

    /// <summary>A number is written from its binary value; this factor, as small as the last of fifteen digits, rounds 1.005 up to 1.01.</summary>
    private const double HalfShare = 1 + 8.9e-16;

    /// <summary>Below this many units of the last decimal the factor has no other visible effect.</summary>
    private const double HalfShareMax = 1e14;

    private const int BuiltInMax = 58;

    private static readonly FrozenDictionary<int, XlsxNumberFormat> Known =
        Enumerable.Range(0, BuiltInMax + 1).ToFrozenDictionary(id => id, id => new XlsxNumberFormat(CodeOf(id)));

    private readonly Lazy<Parts?> parts = new(() => Parse(code));

    public static XlsxNumberFormat General { get; } = new("General");

    /// <summary>Returns the format that a workbook names only by its number.</summary>
    public static XlsxNumberFormat BuiltIn(int id) => Known.GetValueOrDefault(id, General);

    public string Number(double value, bool startsIn1904)
    {
        if (parts.Value is not { } format)
        {
            return Plain(value);
        }

        try
        {
            return format switch
            {
                { Numbers.IsTimeSpanFormat: true } => Elapsed(value, format),
                { Numbers.IsDateTimeFormat: true } => Moment(value, format, startsIn1904),
                { Code.IsFraction: true } when Math.Abs(value) >= WholeMax => Plain(value),
                { Negative: { } negative } when value < 0 => negative.Format(Halved(-value, format), format.Code.Culture),
                _ => format.Numbers.Format(Halved(value, format), format.Code.Culture),
            };
        }
        catch (Exception error) when (IsOfCode(error))
        {
            return Plain(value);
        }
    }

    public string Text(string text)
    {
        try
        {
            return parts.Value?.Text is { } format ? format.Format(text, CultureInfo.InvariantCulture) : text;
        }
        catch (Exception error) when (IsOfCode(error))
        {
            return text;
        }
    }

    /// <summary>ECMA-376 part 1, 18.8.30; Korean if the look depends on the reader's language, and without the currency, which the file does not name.</summary>
    private static string CodeOf(int id) => id switch
    {
        1 => "0",
        2 => "0.00",
        3 => "#,##0",
        4 => "#,##0.00",
        5 or 6 or 37 or 38 => "#,##0;-#,##0",
        7 or 8 or 39 or 40 => "#,##0.00;-#,##0.00",
        9 => "0%",
        10 => "0.00%",
        11 => "0.00E+00",
        12 => "# ?/?",
        13 => "# ??/??",
        14 or 34 or 35 or 52 or 53 or 55 => "yyyy-mm-dd",
        15 => "d-mmm-yy",
        16 => "d-mmm",
        17 => "mmm-yy",
        18 => "h:mm AM/PM",
        19 => "h:mm:ss AM/PM",
        20 => "h:mm",
        21 => "h:mm:ss",
        22 => "yyyy-mm-dd h:mm",
        27 or 36 or 50 or 57 => "yyyy年 mm月 dd日",
        28 or 29 or 51 or 54 or 56 or 58 => "mm-dd",
        30 => "mm-dd-yy",
        31 => "yyyy년 mm월 dd일",
        32 => "h시 mm분",
        33 => "h시 mm분 ss초",
        41 or 42 => "#,##0;-#,##0;\"-\";@",
        43 or 44 => "#,##0.00;-#,##0.00;\"-\";@",
        45 => "mm:ss",
        46 => "[h]:mm:ss",
        47 => "mm:ss.0",
        48 => "##0.0E+0",
        49 => "@",
        _ => "General",
    };

    private static string Plain(double value) => value.ToString("G15", CultureInfo.InvariantCulture);

    private static string Moment(double days, Parts format, bool startsIn1904)
    {
        var rounded = Rounded(days, format) / SecondsPerDay;
        return rounded >= 0 && rounded + (startsIn1904 ? Days1904 : 0) < DaysMax
            ? format.Numbers.Format(rounded, format.Code.Culture, startsIn1904)
            : Plain(days);
    }

    private static string Elapsed(double days, Parts format)
    {
        var seconds = Rounded(days, format);
        return seconds is >= 0 and < WholeMax ? format.Numbers.Format(TimeSpan.FromMilliseconds((long)Math.Round(seconds * 1_000)), format.Code.Culture) : Plain(days);
    }

    /// <summary>Returns seconds, rounded to whole ones unless the format shows fractions.</summary>
    private static double Rounded(double days, Parts format) => format.Code.HasPartsOfSeconds ? days * SecondsPerDay : Math.Round(days * SecondsPerDay);

    private static double Halved(double value, Parts format) =>
        format.Code is { HasConditions: false, HasGeneral: false } && Math.Abs(value) * Math.Pow(10, format.Code.Decimals) < HalfShareMax ? value * HalfShare : value;

    private static Parts? Parse(string code)
    {
        if (code.Length > CodeCharactersMax)
        {
            return null;
        }

        try
        {
            var read = XlsxFormatCode.Read(code);
            var numbers = new NumberFormat(string.Join(';', read.Numbers));
            return numbers.IsValid
                ? new(
                    read,
                    numbers,
                    read.Numbers.Count > 1 && !read.HasConditions ? new(read.Numbers[1]) : null,
                    read.Text is { } text ? new($"General;General;General;{text}") : null)
                : null;
        }
        catch (Exception error) when (IsOfCode(error))
        {
            return null;
        }
    }

    /// <summary>Exceptions that the library throws for an invalid code or value: a denominator or condition that is not a number, the exponent of zero.</summary>
    private static bool IsOfCode(Exception error) => error is FormatException or ArithmeticException or ArgumentException;

    private sealed record Parts(XlsxFormatCode Code, NumberFormat Numbers, NumberFormat? Negative, NumberFormat? Text);
}
