using System.Text.RegularExpressions;

namespace Pybo.Data;

/// <summary>What the names of a table's columns say.</summary>
public static partial class ColumnWords
{
    /// <summary>General names of what a row is about, which people use for one another.</summary>
    private static readonly string[][] Kinds =
    [
        ["강좌", "강의", "수업", "과목", "과정", "반", "교실", "클래스", "프로그램"],
        ["품목", "품명", "물품", "물건", "상품", "제품", "항목"],
        ["사람", "이름", "성명", "회원", "직원", "담당자", "참가자"],
        ["장소", "시설", "공간", "곳", "방", "지점", "매장", "점포", "가게"],
        ["행사", "프로그램", "체험"],
    ];

    /// <summary>Returns a column's name without spaces and without the unit or remark after it: <c>참가비 (원)</c> is <c>참가비</c>.</summary>
    public static string Folded(string column) => string.Concat(RemarkRegex().Replace(column, "").Where(char.IsLetterOrDigit)).ToLowerInvariant();

    /// <summary>True if a folded column holds the names, or the number, of what is called so: <c>강좌명</c> and <c>반 이름</c> of 강좌 and 반, <c>신청자 수</c> of 신청자.</summary>
    public static bool IsNamed(string column, string name) => column.StartsWith(name, StringComparison.Ordinal) && SuffixRegex().IsMatch(column[name.Length..]);

    /// <summary>True for two names of one kind of things: a table of 강좌 is asked for its 수업.</summary>
    public static bool AreAlike(string column, string name) => Kinds.Any(kind => kind.Contains(name) && kind.Any(word => column == word || IsNamed(column, word)));

    /// <summary>True for a column whose digits number or date a row: their sum and their largest say nothing.</summary>
    public static bool IsIdentity(string column) => IdentityRegex().IsMatch(Folded(column));

    /// <summary>True for a column of money: <c>수강료</c>, <c>교재비</c>, <c>단가</c>.</summary>
    public static bool IsMoney(string column) => MoneyRegex().IsMatch(Folded(column));

    /// <summary>True for the column of the unit in which a row's bare numbers are.</summary>
    public static bool IsUnit(string column) => UnitRegex().IsMatch(Folded(column));

    /// <summary>True for a word that means any column of money.</summary>
    public static bool IsAnyMoney(string word) => AnyMoneyRegex().IsMatch(word);

    [GeneratedRegex(@"\s*[(（\[][^)）\]]*[)）\]]\s*$", RegexOptions.CultureInvariant)]
    private static partial Regex RemarkRegex();

    [GeneratedRegex(@"^(명|이름|명칭|제목|수|인원|인원수|개수|금액|액|name|title|s)$", RegexOptions.CultureInvariant)]
    private static partial Regex SuffixRegex();

    [GeneratedRegex(@"(번호|순번|연번|일련|코드|전화|연락처|우편|학번|연도|년도|날짜|일자|일시|시각|요일|순위|호실|층)$|^(번|호|no|id|년|월|일|code|phone|date|year)$", RegexOptions.CultureInvariant)]
    private static partial Regex IdentityRegex();

    [GeneratedRegex(@"(비|비용|료|요금|가격|값|금액|단가|정가|예산|지출|수입|매출|액|대금|보증금|월세|회비|price|fee|cost|amount)$", RegexOptions.CultureInvariant)]
    private static partial Regex MoneyRegex();

    [GeneratedRegex(@"^(단위|units?)$", RegexOptions.CultureInvariant)]
    private static partial Regex UnitRegex();

    [GeneratedRegex(@"^(가격|요금|비용|값|금액|돈|price|fee|cost)[은는이가을를]?$", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex AnyMoneyRegex();
}
