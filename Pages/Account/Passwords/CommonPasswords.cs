using System.Collections.Frozen;
using Pybo.Data;

namespace Pybo.Pages.Account;

/// <summary>Passwords that are tried first: those known from breaches (<c>common-passwords.txt</c>, embedded in the assembly), and those common in Korea. All
/// as keys.</summary>
internal static class CommonPasswords
{
    private const string ResourceName = "Pybo.Pages.Account.common-passwords.txt";
    private const string LongSection = "[Long]";

    /// <summary>Words and names; typed on a Latin keyboard they are the same keys (<c>dkssudgktpdy</c>).</summary>
    private const string Korean = """
        안녕 안녕하세요 안녕하십니까 반갑습니다 반가워요 감사합니다 고맙습니다 고마워 사랑 사랑해 사랑해요 사랑합니다 사랑한다 사랑해요당신 너를사랑해 난너를사랑해 보고싶어 보고싶다
        비밀번호 비번 암호 패스워드 비밀번호임 비밀번호입니다 내비밀번호 관리자 운영자 어드민 로그인 회원 손님 아이디 이메일 컴퓨터 인터넷 네이버 다음 카카오 카카오톡 구글
        유튜브 페이스북 인스타그램 삼성 삼성전자 갤럭시 아이폰 엘지 현대 기아 대한민국 한국 한국인 대한민국만세 만세 우리나라 서울 서울특별시 부산 대구 인천 광주 대전 울산 제주
        제주도 경기도 강남 강남스타일 독도 독도는우리땅 한글 세종대왕 이순신 홍길동 홍길동전 춘향이 가나다 가나다라 가나다라마 가나다라마바 가나다라마바사 가나다라마바사아
        가나다라마바사아자차카타파하 하나둘셋 하나둘셋넷 일이삼사 일이삼사오 일이삼사오육 일이삼사오육칠팔 천사 악마 바보 멍청이 돼지 강아지 고양이 호랑이 토끼 나비 나비야 사자
        독수리 거북이 엄마 아빠 엄마아빠 어머니 아버지 부모님 가족 우리가족 행복 행복하자 행복한 행복해 건강 건강하자 희망 소망 믿음 믿음소망사랑 평화 자유 정의 진리 하나님
        하느님 예수님 예수사랑 아멘 할렐루야 주님 부처님 성경 교회 학교 선생님 친구 내친구 우리집 집에가자 화이팅 파이팅 아자아자 빨리빨리 대박 부자 부자되자 로또 돈 돈벌자
        축구 야구 농구 월드컵 대한축구 붉은악마 박지성 손흥민 김연아 방탄소년단 소녀시대 빅뱅 무한도전 김치 라면 치킨 커피 소주 맥주 삼겹살 떡볶이 봄여름가을겨울 봄 여름 가을 겨울
        하늘 바다 구름 바람 태양 별 달 별빛 달빛 무지개 장미 민들레 무궁화 코스모스 벚꽃 진달래 개나리 아리랑 애국가 동해물과백두산이 동해물과 백두산 한라산 지리산 설악산
        나는나 나야나 너는너 누구세요 누구게 모르겠다 몰라 몰라요 모름 시험 테스트 시스템 게시판 파이보 최고 최고다 짱 짱이다 오빠 오빠사랑해 누나 언니 형님 동생 공주 왕자 여왕
        김철수 김영희 이영희 김민수 김민준 이민호 김지훈 박지훈 김현수 이현우 김서연 이서연 김민지 이지은 박서준 김수현 최민수
        """;

    /// <summary>Passwords that the breach list contains only in parts, or with other endings.</summary>
    private const string Others = """
        pass passwd mypassword password changeme letmein welcome secret temporary superuser default adminadmin administrator rootroot toor guestguest testtest
        samsung samsung1 galaxy iphone naver kakao daum google pybo flask korea corea seoul busan daehanminguk hangul hangug dokdo gangnam saranghae saranghaeyo annyeong
        annyeonghaseyo bimilbunho kimchi bts blackpink jungkook ilove iloveyou love lovelove forever happy angel angel1004 q1w2e3 qwer asdf zxcv
        """;

    private static readonly Lazy<(FrozenSet<string> All, string[] FromBreaches)> Lists = new(Read);

    /// <summary>Breached passwords that meet the minimum length, most common first.</summary>
    public static IReadOnlyList<string> FromBreaches => Lists.Value.FromBreaches;

    public static bool Contains(string keys) => Lists.Value.All.Contains(keys);

    private static (FrozenSet<string> All, string[] FromBreaches) Read()
    {
        using var stream = typeof(CommonPasswords).Assembly.GetManifestResourceStream(ResourceName)
            ?? throw new InvalidOperationException($"The assembly carries no {ResourceName}.");
        using var reader = new StreamReader(stream);
        List<string> all = [], breaches = [];
        var section = string.Empty;
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith('['))
            {
                section = line;
            }
            else if (!line.StartsWith('#'))
            {
                (section == LongSection ? breaches : all).AddRange(line.Split(' '));
            }
        }

        all.AddRange(breaches);
        all.AddRange(Words(Korean).Select(KoreanKeys.Of));
        all.AddRange(Words(Others));
        return (all.ToFrozenSet(StringComparer.Ordinal), [.. breaches]);
    }

    private static string[] Words(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
}
