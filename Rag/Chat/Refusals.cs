namespace Pybo.Rag.Chat;

/// <summary>What is said where nothing answers, in the language of the question; no generator is asked.</summary>
internal static class Refusals
{
    public static string NothingFound(string question) => PromptBuilder.IsKorean(question)
        ? "등록된 글과 문서에서 이 질문과 관련된 내용을 찾지 못했습니다."
        : "Nothing in the posts and documents here is about this question.";

    public static string NoAnswer(string question) => PromptBuilder.IsKorean(question)
        ? "찾은 글과 문서에는 이 질문의 답이 없습니다."
        : "The posts and documents found here hold no answer to this question.";

    public static string ScopeGone(string question) => PromptBuilder.IsKorean(question)
        ? "이 대화에서 묻던 문서나 모음은 지워졌거나 더는 볼 수 없습니다. 새 대화를 시작하세요."
        : "The document or collection of this conversation was deleted or can no longer be seen. Start a new conversation.";
}
