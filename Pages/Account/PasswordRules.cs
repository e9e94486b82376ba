using System.Collections.Frozen;
using Microsoft.AspNetCore.Identity;
using Pybo.Data;

namespace Pybo.Pages.Account;

/// <summary>Length, and not one that is tried first; no rules of composition.</summary>
internal sealed class PasswordRules(KoreanIdentityErrors errors) : IPasswordValidator<User>
{
    public const int LengthMin = 8;

    /// <summary>Nothing is cut off: longer is refused in words.</summary>
    public const int LengthMax = 128;

    private const string Digits = "0123456789";

    /// <summary>Keys in the order of the hand, and Korean words as they come out of a Latin keyboard (dkssudgktpdy: 안녕하세요). Ends of digits and signs are ignored, case too.</summary>
    private static readonly FrozenSet<string> Common = """
        password passw0rd p@ssw0rd p@ssword passwords mypassword changeme letmein welcome iloveyou sunshine princess football baseball superman batman
        trustno1 starwars whatever computer internet samsung samsung1 galaxy iphone administrator admin adminadmin administrator1 rootroot root toor
        master superuser default guest guestguest testtest test tester temporary secret secret12 dragon monkey shadow michael jennifer
        qwerty qwertyui qwertyuiop qwertyuiop[] asdfghjk asdfghjkl asdfghjkl; zxcvbnm zxcvbnm, asdf asdfasdf asdfqwer qwer qwerqwer qwerasdf qwerasdfzxcv
        q1w2e3r4 q1w2e3r4t5 1q2w3e4r 1q2w3e4r5t 1qaz2wsx 1qaz2wsx3edc zaq12wsx qazwsx qazwsxedc 1q2w3e 1q2w3e4r! q1w2e3 qweasd qweasdzxc qwe123 asd123 abc123 abcd1234 a1b2c3d4
        1a2s3d4f a1s2d3f4 qwer1234 asdf1234 zxcv1234 zxcv 123qwe 123qweasd 1234qwer 1234asdf 12qwaszx 123abc 1234abcd q1q1q1q1 a12345678 q12345678 aa123456 aa12345678
        0987654321 9876543210 1234567890 12341234 12344321 11112222 11223344 12121212 13131313 10041004 01010101 12345678910 147258369 159357 789456123 19191919 20202020
        dkssudgktpdy dkssud dksehoi tkfkdgo tkfkdgody rkskekfk rkskekfkakqktk ekdzkfk alclssha qlalfqjsgh qlqjs dkagh whffu gksrnr gksrnrdls eogksalsrnr eogksals
        gksrmf gkfmqkdl tprPvudghk rlarlarla dlrkdgh dlatl dlatlqlqjs rhksflwk rhksflwk1 rkwhr rkawk wjdqhqhghk ghdrlfehd ghkdlxld dhrldkdldkdl
        tjdnf tjdnfeogkrry vhfhfh vlzkcb vlzkcbf ehfkdpahd zjavbxj zjavbxj1 dlsxjspt skdmldlwjs tkfkdgksek tkfkdgo1004 dkssudgktpdy1
        pybopybo pybo flask korea korea1 coreakorea seoul seoulkorea daehanminguk hangul hangug dokdo
        안녕하세요 비밀번호 대한민국 사랑해요 사랑합니다 관리자 가나다라마바사아 가나다라마바사 홍길동홍길동
        """.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    public Task<IdentityResult> ValidateAsync(UserManager<User> manager, User user, string? password) => Task.FromResult(password switch
    {
        { Length: > LengthMax } => IdentityResult.Failed(errors.PasswordTooLong()),
        { Length: >= LengthMin } when IsEasy(user, password) => IdentityResult.Failed(errors.PasswordTooCommon()),
        _ => IdentityResult.Success,
    });

    private static bool IsEasy(User user, string password)
    {
        var word = password.TrimEnd([.. Digits, '!', '?', '.', '@', '#', '$', '*', '_', '-']);
        return Common.Contains(password) || Common.Contains(word) || IsOf(user.UserName, password, word) || IsOf(user.Email, password, word)
            || IsOf(user.Email?.Split('@')[0], password, word) || IsRun(password);
    }

    private static bool IsOf(string? known, string password, string word) => known is { Length: > 0 }
        && (known.Equals(password, StringComparison.OrdinalIgnoreCase) || known.Equals(word, StringComparison.OrdinalIgnoreCase)
            || (known + known).Equals(password, StringComparison.OrdinalIgnoreCase));

    /// <summary>aaaaaaaa, 12345678, hgfedcba: the same step from each character to the next.</summary>
    private static bool IsRun(string password)
    {
        var step = password[1] - password[0];
        return Math.Abs(step) <= 1 && Enumerable.Range(1, password.Length - 1).All(i => password[i] - password[i - 1] == step);
    }
}
