namespace Pybo.Rag.Outgoing;

/// <summary>Why nothing was sent to another machine.</summary>
public enum OutgoingProblem
{
    UnknownKind,
    BadHost,
    SwitchedOff,
    Internal,
}
