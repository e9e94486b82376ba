using System.Collections.Frozen;
using System.Text;

namespace Pybo.Data;

/// <summary>
/// How Koreans read Hanja: 圖書館 is 도서관, 料金 is 요금.
/// </summary>
/// <remarks>
/// The 4,888 Hanja of KS X 1001 are ordered by reading (code page 949), so the first of each reading is all the table needs; the readings are Unicode's
/// (Unihan's kHangul). A character with several readings has several places there, which NFKC joins. Other characters have no reading here.
/// </remarks>
internal static class HanjaReadings
{
    /// <summary>The first Hanja of each reading, and the reading.</summary>
    private const string Firsts = "伽가刻각侃간乫갈勘감匣갑剛강介개喀객坑갱醵갹倨거乾건乞걸儉검劫겁偈게擊격堅견抉결兼겸京경係계古고哭곡困곤汨골供공串곶寡과廓곽\uF905관刮괄侊광卦괘乖괴宏굉交교丘구國국君군堀굴宮궁倦권厥궐机궤\uF906귀叫규勻균橘귤克극僅근\uF909글今금伋급亘긍企기緊긴佶길金김"
        + "喫끽儺나\uF914낙\uF91B난捏날南남\uF925납囊낭乃내\uF92E냉女녀年년念념寧녕努노\uF93B녹\uF941논\uF942농惱뇌尿뇨\uF94A누嫩눈訥눌杻뉴\uF952늑\uF954늠\uF955능尼니匿닉多다丹단撻달啖담沓답唐당代대宅댁德덕倒도毒독墩돈乭돌仝동兜두屯둔得득嶝등喇라\uF95C락\uF95E란剌랄嵐람拉랍廊랑來래冷랭掠략亮량侶려力력"
        + "憐련冽렬廉렴獵렵令령例례勞로碌록論론壟롱儡뢰了료龍룡壘루劉류六륙侖륜律률隆륭勒륵凜름凌릉俚리吝린林림砬립摩마寞막万만唜말亡망埋매脈맥孟맹冪멱免면滅멸冥명袂몌侮모木목歿몰夢몽卯묘務무墨묵們문勿물味미岷민密밀剝박伴반勃발倣방倍배伯백幡번伐벌凡범"
        + "法법僻벽\uF965변別별丙병保보伏복本본乶볼俸봉不부北북分분\uF967불崩붕丕비嚬빈憑빙乍사削삭傘산乷살三삼揷삽上상塞새嗇색牲생墅서夕석仙선卨설剡섬攝섭城성世세召소俗속孫손率솔宋송刷쇄衰쇠修수叔숙巡순戌술崇숭瑟슬濕습丞승侍시埴식伸신失실審심什십雙쌍氏씨亞아"
        + "堊악安안斡알唵암壓압仰앙厓애厄액櫻앵也야弱약\uF977양圄어億억偃언孼얼俺엄嶪업円엔予여亦역嚥연\uF99C열厭염曄엽\uF9A8영乂예五오屋옥溫온兀올壅옹渦와婉완曰왈往왕倭왜外외\uF9BA요慾욕俑용于우勖욱云운蔚울熊웅元원月월位위乳유\uF9D1육\uF9D4윤\uF9D8율戎융垠은乙을吟음揖읍凝응依의"
        + "二이\uF9EB익人인一일任임入입仍잉仔자作작孱잔岑잠雜잡丈장再재爭쟁佇저勣적佃전切절占점接접丁정制제俎조族족存존卒졸倧종佐좌罪죄主주竹죽俊준茁줄中중卽즉櫛즐楫즙增증之지直직唇진侄질斟짐\uF9FD집徵징且차捉착撰찬刹찰僭참倉창債채冊책凄처倜척仟천凸철僉첨堞첩"
        + "廳청\uFA00체初초促촉寸촌叢총撮촬催최墜추丑축春춘出출充충悴췌取취側측層층侈치則칙親친七칠侵침蟄칩秤칭快쾌他타倬탁呑탄奪탈探탐塔탑宕탕兌태\uFA04택撑탱攄터兎토慟통堆퇴偸투慝특闖틈坡파判판八팔佩패彭팽愎퍅便편貶폄坪평吠폐佈포幅폭俵표品품楓풍彼피匹필乏핍"
        + "下하壑학寒한割할函함合합亢항亥해劾핵倖행享향噓허憲헌歇헐險험奕혁俔현孑혈嫌혐俠협亨형兮혜乎호惑혹婚혼忽홀哄홍化화\uFA0B확丸환活활凰황匯회劃획宖횡哮효侯후勛훈薨훙喧훤卉훼彙휘休휴恤휼兇흉黑흑昕흔吃흘欠흠吸흡興흥僖희詰힐";

    /// <summary>Characters whose usual reading is another than that of their first place.</summary>
    private const string Usual = "金금宅택率률";

    // In code page 949, Hanja are in these rows.
    private const byte RowFirst = 0xCA;
    private const byte RowLast = 0xFD;
    private const byte ColumnFirst = 0xA1;
    private const byte ColumnLast = 0xFE;

    private static readonly FrozenDictionary<char, string> Readings = Read();
    private static readonly FrozenSet<char> Syllables = Readings.Values.SelectMany(readings => readings).ToFrozenSet();

    /// <summary>True for a syllable that words of Chinese origin are made of.</summary>
    public static bool IsReading(char syllable) => Syllables.Contains(syllable);

    /// <summary>Returns a character's readings, the usual one first, each also as it is at the beginning of a word; empty if it has none.</summary>
    public static string Of(char character) => Readings.GetValueOrDefault(character, "");

    /// <summary>Replaces each Hanja by its usual reading. The result is as long as the text, so that offsets stay.</summary>
    /// <param name="text">Normalised by NFKC.</param>
    public static string Read(string text)
    {
        if (!text.AsSpan().ContainsAnyInRange('\u4E00', '\u9FFF'))
        {
            return text;
        }

        var read = new StringBuilder(text.Length);
        foreach (var character in text)
        {
            var readings = Of(character);
            read.Append(readings.Length == 0 ? character : IsWithinWord(read, text) ? Within(read[^1], readings[0]) : HangulSyllable.AtStart(readings[0]));
        }

        return read.ToString();
    }

    /// <summary>Reads the Hanja of a Korean text: one with Hangul, and without the kana of a Japanese text, whose characters would lose their meaning.</summary>
    public static string ReadMixed(string text) =>
        text.AsSpan().ContainsAnyInRange('가', '힣') && !text.AsSpan().ContainsAnyInRange('\u3041', '\u30FF') ? Read(text) : text;

    /// <summary>True if the text before is Hanja too: a later character of a word keeps its reading.</summary>
    private static bool IsWithinWord(StringBuilder read, string text) => read.Length > 0 && Of(text[read.Length - 1]).Length > 0;

    /// <summary>렬 and 률 lose their ㄹ after a vowel and after ㄴ: 比率 is 비율, 法律 is 법률.</summary>
    private static char Within(char before, char reading) =>
        reading is '렬' or '률' && HangulSyllable.Of(before) is { Final: HangulSyllable.NoFinal or HangulSyllable.Nieun } ? HangulSyllable.AtStart(reading) : reading;

    private static FrozenDictionary<char, string> Read()
    {
        var readingOfFirst = Enumerable.Range(0, Firsts.Length / 2).ToDictionary(at => Firsts[2 * at], at => Firsts[(2 * at) + 1]);
        var readings = new Dictionary<char, (char Usual, string Others)>();
        var encoding = CodePagesEncodingProvider.Instance.GetEncoding(949)!;
        var reading = ' ';
        for (int row = RowFirst; row <= RowLast; row++)
        {
            for (int column = ColumnFirst; column <= ColumnLast; column++)
            {
                var character = encoding.GetString([(byte)row, (byte)column])[0];
                reading = readingOfFirst.GetValueOrDefault(character, reading);
                var unified = character.ToString().Normalize(NormalizationForm.FormKC)[0];
                var (usual, others) = readings.GetValueOrDefault(unified, (' ', ""));
                readings[unified] = unified == character ? (reading, others) : (usual, others + reading);
            }
        }

        for (var at = 0; at < Usual.Length; at += 2)
        {
            var (first, others) = readings[Usual[at]];
            readings[Usual[at]] = (Usual[at + 1], others + first);
        }

        return readings.ToFrozenDictionary(r => r.Key, r => string.Concat($"{r.Value.Usual}{r.Value.Others}".SelectMany(c => new[] { c, HangulSyllable.AtStart(c) }).Distinct()));
    }
}
