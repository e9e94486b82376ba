using Pybo.Data;

namespace Pybo.Rag.Models;

/// <summary>A model cannot be fetched, stored or removed; the notice gives the reason and a remedy.</summary>
/// <param name="notice">For the reader.</param>
/// <param name="link">Where to fix it, such as the page for accepting a licence.</param>
/// <param name="inner">The cause.</param>
public class ModelException(Notice notice, Uri? link = null, Exception? inner = null) : Exception(notice.ToString(), inner)
{
    public Notice Notice => notice;

    public Uri? Link => link;
}
