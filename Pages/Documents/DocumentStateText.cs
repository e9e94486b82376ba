using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Html;
using Pybo.Data;
using Pybo.Pages.Resources;
using Pybo.Pages.Shared;

namespace Pybo.Pages.Documents;

/// <summary>A document's progress, in words and as a bar.</summary>
/// <param name="Text">HTML, because times are shown in the reader's zone.</param>
/// <param name="Done">Out of <paramref name="Total"/>; both 0 if the total is unknown.</param>
/// <param name="IsOpen">True if it continues by itself.</param>
public sealed record DocumentStateText(IHtmlContent Text, int Done, int Total, bool IsOpen, bool IsFailed)
{
    /// <summary>The text for a script.</summary>
    public string Html
    {
        get
        {
            using var html = new StringWriter();
            Text.WriteTo(html, HtmlEncoder.Default);
            return html.ToString();
        }
    }

    public static DocumentStateText Of(DocumentProgress progress, DateTime now) => progress.State switch
    {
        DocumentState.Failed => new(DocumentWords.StateFailed.Html(NoticeWords.OfStoredOrNone(progress.IndexError)), 0, 0, IsOpen: false, IsFailed: true),
        DocumentState.Ready => new(DocumentWords.StateReady.Html(), 0, 0, IsOpen: false, IsFailed: false),
        DocumentState.Embedding => Open(DocumentWords.StateEmbedding.Html(progress.ChunksTotal, progress.ChunksDone), progress.ChunksDone, progress.ChunksTotal),
        DocumentState.Reading when progress.PagesRead > 0 => Open(DocumentWords.StateReadingPages.Form(progress.PagesRead).Html(progress.PagesRead)),
        DocumentState.Reading => Open(DocumentWords.StateReading.Html()),
        _ when progress.NextAttemptAt > now && progress.Attempts == 0 => Open(DocumentWords.StateNoRoom.Html()),
        _ when progress.NextAttemptAt > now => Open(DocumentWords.StateRetry.Html(PyboTime.Html(progress.NextAttemptAt.Value), progress.Attempts)),
        _ => Open(DocumentWords.StateWaiting.Html()),
    };

    private static DocumentStateText Open(IHtmlContent text, int done = 0, int total = 0) => new(text, done, total, IsOpen: true, IsFailed: false);
}
