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
}
