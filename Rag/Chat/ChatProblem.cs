namespace Pybo.Rag.Chat;

/// <summary>Why there is no answer, or only part of one.</summary>
public enum ChatProblem
{
    QuestionTooLong,
    Empty,
    SourcesGone,
    NoRoom,
    Failed,
    TimedOut,
    Left,
}
