namespace Pybo.Rag.Ingestion;

/// <summary>Why a document or post is not in the index.</summary>
public enum IngestionProblem
{
    Rests,
    NoRoom,
    NoFolder,
    PathTooLong,
    FileTooLarge,
    StaysClosed,
    ClosedElsewhere,
    SecondName,
    EmptyFolder,
    MoreNotRead,
    SystemFiles,
    FolderLink,
    FolderTooDeep,
    TooManyFiles,
    NoPermission,
    FileGone,
    DocumentTooLong,
    QuotaFull,
    ReaderStopped,
    AttemptsFailed,
    PostFailed,
}
