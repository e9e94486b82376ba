using Pybo.Data;

namespace Pybo.Rag.Models;

/// <summary>A model cannot be had, kept or removed; the notice says why, and what to do.</summary>
/// <param name="notice">For the reader.</param>
/// <param name="link">Where it can be mended, such as the page on which a licence is accepted.</param>
/// <param name="inner">The cause.</param>
public class ModelException(Notice notice, Uri? link = null, Exception? inner = null) : Exception(notice.ToString(), inner)
{
    public Notice Notice => notice;

    public Uri? Link => link;
}
