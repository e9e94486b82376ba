using System.Globalization;
using System.Text;

namespace Pybo.Rag.Documents.Hwp;

/// <summary>One level of a numbering: the label's pattern (<c>제^1조</c>), the number's format and its start.</summary>
internal readonly record struct HwpNumberLevel(string Pattern, HwpNumberFormat Format, int Start);

/// <summary>Counts the paragraphs of a numbering and writes their numbers.</summary>
internal sealed class HwpNumbering(IReadOnlyList<HwpNumberLevel> levels)
{
    /// <summary>The format has ten levels.</summary>
    public const int LevelsMax = 10;

    /// <summary>A longer pattern is not a numbering.</summary>
    private const int PatternCharactersMax = 64;

    private readonly int[] counts = [.. levels.Select(level => level.Start - 1)];

    /// <summary>Returns the number of the next paragraph on a level, counted from 0; the levels below begin again.</summary>
    public string Next(int level)
    {
        if (level < 0 || level >= counts.Length)
        {
            return "";
        }

        counts[level]++;
        for (var below = level + 1; below < counts.Length; below++)
        {
            counts[below] = levels[below].Start - 1;
        }

        return Written(levels[level].Pattern, level);
    }

    /// <summary>Replaces <c>^1</c> to <c>^9</c> by the number of that level, <c>^n</c> by the path to this level (<c>1.2.3</c>), <c>^N</c> by the path and a point.</summary>
    private string Written(string pattern, int level)
    {
        var text = new StringBuilder();
        for (var at = 0; at < Math.Min(pattern.Length, PatternCharactersMax); at++)
        {
            var code = pattern[at] == '^' && at + 1 < pattern.Length ? pattern[at + 1] : '\0';
            if (code is >= '1' and <= '9' && code - '1' < counts.Length)
            {
                text.Append(Number(code - '1'));
                at++;
            }
            else if (code is 'n' or 'N')
            {
                text.AppendJoin('.', Enumerable.Range(0, level + 1).Select(Number)).Append(code == 'N' ? "." : "");
                at++;
            }
            else
            {
                text.Append(pattern[at]);
            }
        }

        return text.ToString();
    }

    /// <summary>A higher level that had no paragraph yet shows its first number.</summary>
    private string Number(int level) => HwpNumber.Write(Math.Max(counts[level], levels[level].Start), levels[level].Format);
}

/// <summary>Number formats, in the order of the format's codes.</summary>
internal enum HwpNumberFormat
{
    Digit,
    CircledDigit,
    RomanCapital,
    RomanSmall,
    LatinCapital,
    LatinSmall,
    CircledLatinCapital,
    CircledLatinSmall,
    HangulSyllable,
    CircledHangulSyllable,
    HangulJamo,
    CircledHangulJamo,
    HangulPhonetic,
    Ideograph,
    CircledIdeograph,
}

/// <summary>Writes the numbers of paragraphs and notes.</summary>
internal static class HwpNumber
{
    private const int RomanMax = 3_999;

    private static readonly (int Value, string Digits)[] Roman =
    [
        (1_000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
    ];

    /// <summary>Returns the number as text; in digits if the format has no letter for it.</summary>
    public static string Write(int number, HwpNumberFormat format) => format switch
    {
        HwpNumberFormat.CircledDigit when number is >= 1 and <= 20 => ((char)('①' + number - 1)).ToString(),
        HwpNumberFormat.RomanCapital when number is >= 1 and <= RomanMax => WriteRoman(number),
        HwpNumberFormat.RomanSmall when number is >= 1 and <= RomanMax => new([.. WriteRoman(number).Select(char.ToLowerInvariant)]),
        HwpNumberFormat.LatinCapital => Letter(number, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
        HwpNumberFormat.LatinSmall => Letter(number, "abcdefghijklmnopqrstuvwxyz"),
        HwpNumberFormat.CircledLatinCapital => Letter(number, "ⒶⒷⒸⒹⒺⒻⒼⒽⒾⒿⓀⓁⓂⓃⓄⓅⓆⓇⓈⓉⓊⓋⓌⓍⓎⓏ"),
        HwpNumberFormat.CircledLatinSmall => Letter(number, "ⓐⓑⓒⓓⓔⓕⓖⓗⓘⓙⓚⓛⓜⓝⓞⓟⓠⓡⓢⓣⓤⓥⓦⓧⓨⓩ"),
        HwpNumberFormat.HangulSyllable => Letter(number, "가나다라마바사아자차카타파하"),
        HwpNumberFormat.CircledHangulSyllable => Letter(number, "㉮㉯㉰㉱㉲㉳㉴㉵㉶㉷㉸㉹㉺㉻"),
        HwpNumberFormat.HangulJamo => Letter(number, "ㄱㄴㄷㄹㅁㅂㅅㅇㅈㅊㅋㅌㅍㅎ"),
        HwpNumberFormat.CircledHangulJamo => Letter(number, "㉠㉡㉢㉣㉤㉥㉦㉧㉨㉩㉪㉫㉬㉭"),
        HwpNumberFormat.HangulPhonetic => Spelled(number, "일이삼사오육칠팔구", '십'),
        HwpNumberFormat.Ideograph => Spelled(number, "一二三四五六七八九", '十'),
        HwpNumberFormat.CircledIdeograph => Letter(number, "㊀㊁㊂㊃㊄㊅㊆㊇㊈㊉"),
        _ => number.ToString(CultureInfo.InvariantCulture),
    };

    private static string Letter(int number, string letters) =>
        number >= 1 && number <= letters.Length ? letters[number - 1].ToString() : number.ToString(CultureInfo.InvariantCulture);

    private static string WriteRoman(int number)
    {
        var text = new StringBuilder();
        foreach (var (value, digits) in Roman)
        {
            for (; number >= value; number -= value)
            {
                text.Append(digits);
            }
        }

        return text.ToString();
    }

    /// <summary>Spells numbers up to 99: 이십일.</summary>
    private static string Spelled(int number, string digits, char ten)
    {
        if (number is < 1 or > 99)
        {
            return number.ToString(CultureInfo.InvariantCulture);
        }

        var (tens, ones) = (number / 10, number % 10);
        var left = tens switch { 0 => "", 1 => ten.ToString(), _ => $"{digits[tens - 1]}{ten}" };
        return left + (ones == 0 ? "" : digits[ones - 1].ToString());
    }
}
