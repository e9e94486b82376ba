using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.RateLimiting;
using Pybo.Pages.Security;

namespace Pybo.Pages.Images;

/// <summary>Uploads an image without JavaScript: <c>/images/new</c> takes a file and shows the text to put into a post.</summary>
[Authorize]
[EnableRateLimiting(RequestLimits.Image)]
[RequestSizeLimit(ImageIntake.RequestBytesMax)]
[RequestFormLimits(MemoryBufferThreshold = ImageIntake.RequestBytesMax, MultipartBodyLengthLimit = ImageIntake.RequestBytesMax)]
public sealed class New(ImageIntake intake) : PageModel
{
    public const string Path = "/images/new";

    /// <summary>The text for the post and the image's address, if one was stored.</summary>
    public (string Markdown, string Address)? Taken { get; private set; }

    /// <summary>The reason why the file was refused.</summary>
    public string? Refusal { get; private set; }

    public async Task OnPostAsync(CancellationToken ct)
    {
        var taken = await intake.TakeAsync(Request.Form.Files is [var file, ..] ? file : null, User.MemberId!.Value, ct);
        Refusal = taken.Refusal;
        Taken = taken is { Markdown: { } markdown, Address: { } address } ? (markdown, address) : null;
        if (Refusal is not null)
        {
            Response.StatusCode = taken.Status;
        }
    }
}
