using System.Globalization;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Pybo.Data;
using Pybo.Pages.Resources;
using Pybo.Pages.Security;
using Pybo.Rag.Documents;

namespace Pybo.Pages.Documents;

/// <summary>Receives files: <c>/documents/upload</c>. The form checks its token itself, because the usual filter would read all files first.</summary>
[Authorize]
[IgnoreAntiforgeryToken]
[ReadsFormItself]
[EnableRateLimiting(RequestLimits.Post)]
public sealed partial class Upload(
    PyboDb db, IDbContextFactory<PyboDb> dbs, UploadReader reader, IOptions<PyboOptions> options, StorageLimits limits, ILogger<Upload> log) : PageModel
{
    /// <summary>The most refusals that the notice names.</summary>
    private const int RefusalsShownMax = 8;

    /// <summary>The notice's length limit: it travels in a cookie, a Hangul takes eight bytes there, and proxies allow 8 kB for all cookies.</summary>
    private const int ToldCharactersMax = 400;

    private const int NameCharactersMax = 40;

    public UploadForm Form { get; private set; } = null!;

    /// <summary>All refused files, if they are more than a notice can name.</summary>
    public IReadOnlyList<string> Refused { get; private set; } = [];

    public async Task OnGetAsync([FromQuery] long? collection, CancellationToken ct) =>
        Form = await UploadForm.ForAsync(db, User.MemberId!.Value, collection, options.Value, ct);

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        // Checked before reading: the whole request as one file, and the same again for its temporary copy.
        var storage = await db.StorageAsync(ct);
        if (!storage.HasRoomFor(2 * (Request.ContentLength ?? 0), limits with { DatabaseBytesMax = 0 }) || !storage.HasRoomFor(Request.ContentLength ?? 0, limits))
        {
            NoRoom(log, storage.UsedBytes, storage.FreeBytes);
            return StatusCode(StatusCodes.Status507InsufficientStorage);
        }

        var ownerId = User.MemberId!.Value;
        var upload = await reader.ReadAsync(Request, options.Value.UploadBytesMax, (file, fields) => KeepAsync(ownerId, file, fields, ct), ct);
        if (!upload.HasToken)
        {
            return BadRequest();
        }

        if (upload.Taken > 0)
        {
            Uploaded(log, upload.Taken, upload.Refused.Count);
            this.Notify(VersionOf(upload.Fields) is not null ? DocumentWords.VersionReceived : DocumentWords.Received.Count(upload.Taken, await ReadersAsync(ownerId, upload.Fields, ct)));
        }

        if (upload.Refused.Count > 0)
        {
            var refused = upload.Refused.ConvertAll(file => $"{TextNormalizer.OneLine(file.Name, NameCharactersMax)}: {file.Reason}");
            var told = Told(refused);
            Refused = told < refused.Count ? refused : [];
            this.Warn(string.Join('\n', told < refused.Count ? [.. refused.Take(told), DocumentWords.MoreRefused.Count(refused.Count - told)] : refused));
        }
        else if (upload.Taken == 0)
        {
            this.Warn(DocumentWords.ChooseFile);
        }

        return await DoneAsync(upload, ownerId, ct);
    }

    private async Task<string?> KeepAsync(long ownerId, ReceivedFile file, IReadOnlyDictionary<string, string> fields, CancellationToken ct)
    {
        await using var own = await dbs.CreateDbContextAsync(ct);
        var (audience, collection) = Chosen(ownerId, fields);
        var result = VersionOf(fields) is { } document
            ? await own.UploadVersionAsync(document, file.Name, file.Content, new(ownerId, User.IsAdministrator), options.Value.UploadBytesPerMemberMax, ct, limits)
            : await own.UploadAsync(new(ownerId, file.Name, audience, collection), file.Content, options.Value.UploadBytesPerMemberMax, ct, limits);
        return result switch
        {
            { Refusal: UploadRefusal.QuotaFull } => DocumentWords.QuotaFull.With(options.Value.UploadsPerMemberMegabytes),
            { Refusal: UploadRefusal.TooManyDocuments } => DocumentWords.TooManyDocuments.With(DocumentUploads.DocumentsPerMemberMax),
            { Refusal: UploadRefusal.TooManyWaiting } => DocumentWords.TooManyWaiting.With(DocumentUploads.WaitingPerMemberMax),
            { Refusal: UploadRefusal.NoRoom } => DocumentWords.NoRoom,
            { Refusal: UploadRefusal.NoCollection } => DocumentWords.CollectionGone,
            { Refusal: UploadRefusal.Empty } => DocumentWords.EmptyFile,
            { Refusal: UploadRefusal.NoDocument } => DocumentWords.DocumentGone,
            { Refusal: UploadRefusal.SameElsewhere } => DocumentWords.SameFile,
            { IsNew: false } => DocumentWords.SameFile,
            _ => null,
        };
    }

    private static long? VersionOf(IReadOnlyDictionary<string, string> fields) =>
        long.TryParse(fields.GetValueOrDefault(UploadForm.DocumentField), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;

    private static (long Audience, long? CollectionId) Chosen(long ownerId, IReadOnlyDictionary<string, string> fields) => (
        ReaderChoice.AudienceOf(fields.GetValueOrDefault(UploadForm.AudienceField), ownerId),
        long.TryParse(fields.GetValueOrDefault(UploadForm.CollectionField), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null);

    /// <summary>Returns the readers of the uploaded files: a collection's choice counts, not the form's.</summary>
    private async Task<string> ReadersAsync(long ownerId, IReadOnlyDictionary<string, string> fields, CancellationToken ct)
    {
        var (audience, collectionId) = Chosen(ownerId, fields);
        var collection = collectionId is { } id ? await db.CollectionAsync(id, new Viewer(ownerId), ct) : null;
        return ReaderChoice.Sentence(collection?.Name, collection?.Audience ?? audience);
    }

    /// <summary>Returns how many of the sentences fit into a notice.</summary>
    private static int Told(List<string> refused)
    {
        var (told, characters) = (0, 0);
        while (told < Math.Min(refused.Count, RefusalsShownMax) && (told == 0 || characters + refused[told].Length <= ToldCharactersMax))
        {
            characters += refused[told++].Length;
        }

        return told;
    }

    /// <summary>Gives the page's script its next address and what was refused; redirects a form there, or lists every refused file.</summary>
    private async Task<IActionResult> DoneAsync(ReceivedUpload upload, long ownerId, CancellationToken ct)
    {
        var version = VersionOf(upload.Fields);
        var address = version is { } document ? string.Create(CultureInfo.InvariantCulture, $"/documents/{document}") : upload.Taken > 0 ? "/documents?show=own" : "/documents/upload";
        if (Request.GetTypedHeaders().Accept.Any(type => type.MediaType == "application/json"))
        {
            return new JsonResult(new { address, refused = Refused });
        }

        if (Refused.Count == 0)
        {
            return LocalRedirect(address);
        }

        TempData.Remove(Flash.Warning);
        Form = await UploadForm.ForAsync(db, ownerId, Chosen(ownerId, upload.Fields).CollectionId, options.Value, ct);
        return Page();
    }

    [LoggerMessage(LogLevel.Warning, "No room for an upload: the database has {Used} bytes, the disk {Free} free ones.")]
    private static partial void NoRoom(ILogger logger, long used, long free);

    [LoggerMessage(LogLevel.Information, "{Taken} files uploaded, {Refused} refused.")]
    private static partial void Uploaded(ILogger logger, int taken, int refused);
}
