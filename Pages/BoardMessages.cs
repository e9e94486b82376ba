namespace Pybo.Pages;

/// <summary>What the board says, in the book's words.</summary>
internal static class BoardMessages
{
    /// <summary>The key in TempData of a message that says why something was not done; <c>Shared/_Warning</c> shows it.</summary>
    public const string Warning = "Warning";

    public const string TitleRequired = "제목은 필수입력 항목입니다.";
    public const string BodyRequired = "내용은 필수입력 항목입니다.";
    public const string AnswerRequired = "답변 내용은 필수입력 항목입니다.";
    public const string TitleTooLong = "제목은 {1}자까지 쓸 수 있습니다.";
    public const string BodyTooLong = "내용은 {1}자까지 쓸 수 있습니다.";
    public const string MayNotEdit = "수정권한이 없습니다";
    public const string MayNotDelete = "삭제권한이 없습니다";
    public const string MayNotAccept = "채택권한이 없습니다";
    public const string OwnVote = "본인이 작성한 글은 추천할수 없습니다";
    public const string ConfirmDelete = "정말로 삭제하시겠습니까?";
    public const string ConfirmVote = "정말로 추천하시겠습니까?";
    public const string NoRoom = "서버에 저장 공간이 없어 저장하지 못했습니다. 쓰던 글은 아래에 그대로 있으니, 관리자에게 알리고 나중에 다시 눌러 주세요.";
    public const string SessionEnded = "로그인이 필요합니다. 쓰던 글은 아래에 그대로 있으니, 새 창에서 로그인한 뒤 다시 눌러 주세요.";
    public const string FormExpired = "로그인 상태가 바뀌어 저장하지 않았습니다. 쓰던 글은 그대로 있으니 한 번 더 눌러 주세요.";
}
