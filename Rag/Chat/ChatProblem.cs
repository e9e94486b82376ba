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

    /// <summary>The chosen answerer is not installed any more; the site's own choice answered.</summary>
    AnswererGone,

    /// <summary>What was found does not fit the question; the reader wanted an answer anyway.</summary>
    Anyway,

    /// <summary>Two notices about one answer.</summary>
    Both,
}
