namespace Pybo.Data;

/// <summary>Why the database, or a file in it, cannot be used.</summary>
public enum DatabaseProblem
{
    DiskFull,
    CannotOpen,
    NotOurs,
    TooNew,
    Damaged,
    FileChanged,
    FileGone,
    AnswerGone,
    SourceGone,
}
