using System.Buffers;
using System.Globalization;
using System.Text;

namespace Pybo.Rag.Documents.Office;

/// <summary>A format code, rewritten for ExcelNumberFormat.</summary>
/// <remarks>
/// The library does not support some codes that Excel accepts: literal characters without a quotation mark (<c>0원</c>), sections left empty, the filling
/// of a cell (<c>*-</c>), colours with elapsed time, a text section after fewer than three others, the weekdays <c>aaa</c> and <c>aaaa</c>, the year <c>e</c>, the
/// names of days and months in Korean, the date and the time "of the system" (Korean ones here), and parts of seconds with fewer than three digits (all three are shown).
/// </remarks>
internal sealed class XlsxFormatCode
{
    private const string SystemDate = "yyyy년 m월 d일 aaaa";
    private const string SystemTime = "[$-412]AM/PM h:mm:ss";

    /// <summary>The characters that the library reads as Excel does; letters are compared in lower case.</summary>
    private static readonly SearchValues<char> Known = SearchValues.Create("#?,!&%+-$€£0123456789{}():/.@ ymdhs");

    private static readonly CultureInfo Korean = KoreanNames();

    private static readonly string[] Words = ["AM/PM", "A/P", "E+", "E-"];

    private readonly StringBuilder section = new();
    private bool isText;
    private int decimals = -1;
    private bool isKorean;

    private XlsxFormatCode()
    {
    }

    /// <summary>The sections for numbers: one, or positive, negative and zero.</summary>
    public List<string> Numbers { get; } = [];

    /// <summary>The section for texts; null if a text is shown as it is.</summary>
    public string? Text { get; private set; }

    /// <summary>True if a section has a condition on its values.</summary>
    public bool HasConditions { get; private set; }

    public bool IsFraction { get; private set; }

    public bool HasPartsOfSeconds { get; private set; }

    public bool HasGeneral { get; private set; }

    /// <summary>Decimal places, two more for a percentage.</summary>
    public int Decimals { get; private set; }

    /// <summary>The language of day and month names; points and commas are the same for all.</summary>
    public CultureInfo Culture => isKorean ? Korean : CultureInfo.InvariantCulture;

    public static XlsxFormatCode Read(string code)
    {
        var read = new XlsxFormatCode();
        code = code.Contains("[$-F800]", StringComparison.OrdinalIgnoreCase) ? SystemDate : code.Contains("[$-F400]", StringComparison.OrdinalIgnoreCase) ? SystemTime : code;
        for (var at = 0; at < code.Length;)
        {
            at += read.Step(code.AsSpan(at));
        }

        read.EndSection(isLast: true);
        return read;
    }

    /// <summary>Rewrites the beginning of the rest; returns the number of characters it took.</summary>
    private int Step(ReadOnlySpan<char> rest)
    {
        switch (rest[0])
        {
            case ';':
                EndSection(isLast: false);
                return 1;
            case '"' when rest[1..].IndexOf('"') is >= 0 and var length:
                return Copy(rest, length + 2);
            case '[' when rest.IndexOf(']') is > 0 and var close:
                section.Append(IsRead(rest[1..close]) ? rest[..(close + 1)] : "");
                return close + 1;
            case '\\' or '_' when rest.Length > 1:
                return Copy(rest, 2);
            case '*':
                return Math.Min(2, rest.Length);
            default:
                return Word(rest);
        }
    }

    /// <summary>Returns whether brackets contain a condition, a currency with its language, or elapsed time; colours and the rest are left out, since [Magenta] would be minutes.</summary>
    private bool IsRead(ReadOnlySpan<char> inside)
    {
        var isCondition = inside is ['<' or '>' or '=', ..];
        var isCurrency = inside is ['$', ..];
        HasConditions |= isCondition;
        isKorean |= isCurrency && inside.EndsWith("412");
        return isCondition || isCurrency || inside.Trim("hHmMsS").IsEmpty;
    }

    private int Word(ReadOnlySpan<char> rest)
    {
        if (Begins(rest, "G/표준") || Begins(rest, "General"))
        {
            HasGeneral = true;
            section.Append("General");
            return Begins(rest, "General") ? "General".Length : "G/표준".Length;
        }

        foreach (var word in Words)
        {
            if (Begins(rest, word))
            {
                return Copy(rest, word.Length);
            }
        }

        var letter = char.ToLowerInvariant(rest[0]);
        var run = Run(rest, letter);
        switch (letter)
        {
            case 'a' when run >= 3:
                isKorean = true;
                section.Append('d', Math.Min(run, 4));
                return run;
            case 'e':
                section.Append("yyyy");
                return run;
            case 'g' when run < rest.Length && char.ToLowerInvariant(rest[run]) == 'e':
                // The era before the year.
                return run;
            case 's' when rest[run..] is ['.', '0', ..]:
                HasPartsOfSeconds = true;
                Copy(rest, run);
                section.Append(".000");
                return run + 1 + Run(rest[(run + 1)..], '0');
            default:
                return Character(rest);
        }
    }

    private int Character(ReadOnlySpan<char> rest)
    {
        var character = rest[0];
        isText |= character == '@';
        IsFraction |= character == '/';
        decimals = character switch
        {
            '.' => Math.Max(decimals, 0),
            '0' or '#' or '?' when decimals >= 0 => decimals + 1,
            _ => decimals,
        };
        Decimals = Math.Max(Decimals, Math.Max(decimals, 0)) + (character == '%' ? 2 : 0);
        section.Append(Known.Contains(char.ToLowerInvariant(character)) ? "" : "\\");
        return Copy(rest, 1);
    }

    private int Copy(ReadOnlySpan<char> rest, int length)
    {
        section.Append(rest[..length]);
        return length;
    }

    private void EndSection(bool isLast)
    {
        var code = section.Length == 0 ? "\"\"" : section.ToString();
        if (isLast && Numbers.Count > 0 && (isText || Numbers.Count == 3))
        {
            Text = code;
        }
        else
        {
            Numbers.Add(code);
            Text = isLast && isText ? code : null;
        }

        section.Clear();
        (isText, decimals) = (false, -1);
    }

    private static bool Begins(ReadOnlySpan<char> rest, string word) => rest.StartsWith(word, StringComparison.OrdinalIgnoreCase);

    private static int Run(ReadOnlySpan<char> rest, char letter)
    {
        var length = 0;
        while (length < rest.Length && char.ToLowerInvariant(rest[length]) == letter)
        {
            length++;
        }

        return length;
    }

    private static CultureInfo KoreanNames()
    {
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        string[] days = ["일", "월", "화", "수", "목", "금", "토"];
        string[] months = [.. Enumerable.Range(1, 12).Select(month => $"{month}월"), ""];
        culture.DateTimeFormat.AbbreviatedDayNames = days;
        culture.DateTimeFormat.DayNames = [.. days.Select(day => day + "요일")];
        culture.DateTimeFormat.AbbreviatedMonthNames = months;
        culture.DateTimeFormat.MonthNames = months;
        return CultureInfo.ReadOnly(culture);
    }
}
