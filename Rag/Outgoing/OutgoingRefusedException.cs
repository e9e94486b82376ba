using Pybo.Data;

namespace Pybo.Rag.Outgoing;

/// <summary>A request was not sent: its kind is switched off, or its target is in an internal network. The notice says which, and what to do.</summary>
public sealed class OutgoingRefusedException(Notice notice) : Exception(notice.ToString())
{
    public Notice Notice => notice;
}
