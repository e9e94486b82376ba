using Microsoft.AspNetCore.Identity;
using Pybo.Data;

namespace Pybo.Pages.Account;

/// <summary>What Identity can say on our pages, in Korean; the codes tell to which field it belongs.</summary>
public sealed class KoreanIdentityErrors : IdentityErrorDescriber
{
    public override IdentityError DefaultError() => Error(nameof(DefaultError), "처리하지 못했습니다. 다시 시도해 주세요.");

    public override IdentityError ConcurrencyFailure() => Error(nameof(ConcurrencyFailure), "그 사이에 계정이 바뀌었습니다. 다시 시도해 주세요.");

    public override IdentityError DuplicateUserName(string userName) => Error(nameof(DuplicateUserName), "이미 존재하는 사용자입니다.");

    public override IdentityError InvalidUserName(string? userName) =>
        Error(nameof(InvalidUserName), "사용자이름에는 글자, 숫자와 _ - . 만 쓸 수 있고 글자나 숫자로 시작하고 끝나야 합니다.");

    public IdentityError UserNameLength() =>
        Error(nameof(InvalidUserName), $"사용자이름은 {User.UserNameMin}자 이상 {User.UserNameMax}자 이하로 입력하세요.");

    public IdentityError MixedScripts() => Error(nameof(InvalidUserName), "서로 닮은 글자가 있는 문자 체계는 한 이름에 섞어 쓸 수 없습니다.");

    public IdentityError LooksLikeAnother() => Error(nameof(InvalidUserName), "이미 있는 사용자이름과 구별하기 어렵습니다. 다른 이름을 쓰세요.");

    public IdentityError ReservedUserName() => Error(nameof(InvalidUserName), "운영자로 오해할 수 있는 이름은 쓸 수 없습니다.");

    public override IdentityError InvalidEmail(string? email) => Error(nameof(InvalidEmail), "올바른 이메일 주소를 입력하세요.");

    public override IdentityError PasswordMismatch() => Error(nameof(PasswordMismatch), "지금 비밀번호가 올바르지 않습니다.");

    public override IdentityError PasswordTooShort(int length) => Error(nameof(PasswordTooShort), $"비밀번호는 {length}자 이상이어야 합니다.");

    public IdentityError PasswordTooLong() => Error(nameof(PasswordTooLong), $"비밀번호는 {PasswordRules.LengthMax}자 이하여야 합니다.");

    public IdentityError PasswordTooCommon() => Error(nameof(PasswordTooCommon), "너무 흔하거나 짐작하기 쉬운 비밀번호입니다. 다른 것을 쓰세요.");

    private static IdentityError Error(string code, string description) => new() { Code = code, Description = description };
}
