using System.Globalization;
using System.Text;

namespace Pybo.Rag.Documents.Office;

/// <summary>Writes numbers as Word's lists do (ECMA-376 part 1, 17.18.59 ST_NumberFormat); unknown formats are decimal.</summary>
internal static class NumberText
{
    /// <summary>Larger numbers in letters or Roman numerals are long and no longer readable.</summary>
    private const int RowMax = 1_000;

    private const string Ganada = "가나다라마바사아자차카타파하";
    private const string Chosung = "ㄱㄴㄷㄹㅁㅂㅅㅇㅈㅊㅋㅌㅍㅎ";

    private static readonly (int Value, string Letters)[] Roman =
        [(1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")];

    public static string Format(int number, string format) => format switch
    {
        "decimalZero" => number.ToString("00", CultureInfo.InvariantCulture),
        "decimalEnclosedCircle" when number is >= 1 and <= 20 => ((char)('①' + number - 1)).ToString(),
        "upperLetter" when IsRow(number) => Letters(number, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
        "lowerLetter" when IsRow(number) => Letters(number, "abcdefghijklmnopqrstuvwxyz"),
        "ganada" when IsRow(number) => Letters(number, Ganada),
        "chosung" when IsRow(number) => Letters(number, Chosung),
        "upperRoman" when IsRow(number) => RomanOf(number),
        "lowerRoman" when IsRow(number) => RomanOf(number).ToLowerInvariant(),
        _ => number.ToString(CultureInfo.InvariantCulture),
    };

    private static bool IsRow(int number) => number is >= 1 and <= RowMax;

    /// <summary>After the last letter Word doubles them: Z, AA, BB.</summary>
    private static string Letters(int number, string letters) => new(letters[(number - 1) % letters.Length], ((number - 1) / letters.Length) + 1);

    private static string RomanOf(int number)
    {
        var text = new StringBuilder();
        foreach (var (value, letters) in Roman)
        {
            for (; number >= value; number -= value)
            {
                text.Append(letters);
            }
        }

        return text.ToString();
    }
}
