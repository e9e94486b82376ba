namespace Pybo.Rag.Chat;

/// <summary>Why there is no answer, or not a whole one.</summary>
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
