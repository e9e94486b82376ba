using System.Globalization;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Pybo.Data;
using Pybo.Pages.Security;
using Pybo.Rag.Documents;

namespace Pybo.Pages.Documents;

/// <summary>Takes files in: <c>/documents/upload</c>. The form checks its token itself, because the usual filter would read all files first.</summary>
[Authorize]
[IgnoreAntiforgeryToken]
[ReadsFormItself]
[EnableRateLimiting(RequestLimits.Post)]
public sealed partial class Upload(
    PyboDb db, IDbContextFactory<PyboDb> dbs, UploadReader reader, IOptions<PyboOptions> options, StorageLimits limits, ILogger<Upload> log) : PageModel
{
    /// <summary>Refusals that the notice names.</summary>
    private const int RefusalsShownMax = 8;

    /// <summary>Characters of the notice: it travels in a cookie, a Hangul takes eight bytes there, and proxies allow 8 kB of all cookies.</summary>
    private const int ToldCharactersMax = 400;

    private const int NameCharactersMax = 40;

    public UploadForm Form { get; private set; } = null!;

    public async Task OnGetAsync([FromQuery] long? collection, CancellationToken ct) =>
        Form = await UploadForm.ForAsync(db, User.MemberId!.Value, collection, options.Value, ct);

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        // Before a byte is read: the whole request as one file, and the same again where it lies until it is stored.
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
            TempData["Notice"] = $"파일 {upload.Taken:N0}개를 받았습니다. 읽고 나면 찾을 수 있습니다. {await ReadersAsync(ownerId, upload.Fields, ct)}";
        }

        if (upload.Refused.Count > 0)
        {
            TempData[BoardMessages.Warning] = Told(upload.Refused);
        }
        else if (upload.Taken == 0)
        {
            TempData[BoardMessages.Warning] = "파일을 고르세요.";
        }

        return Done(upload);
    }

    private async Task<string?> KeepAsync(long ownerId, ReceivedFile file, IReadOnlyDictionary<string, string> fields, CancellationToken ct)
    {
        var (audience, collection) = Chosen(ownerId, fields);
        await using var own = await dbs.CreateDbContextAsync(ct);
        var result = await own.UploadAsync(new(ownerId, file.Name, audience, collection), file.Content, options.Value.UploadBytesPerMemberMax, ct, limits);
        return result switch
        {
            { Refusal: UploadRefusal.QuotaFull } => $"올린 파일이 모두 합쳐 {options.Value.UploadsPerMemberMegabytes:N0} MB를 넘습니다. 쓰지 않는 문서를 지운 뒤 다시 올려 주세요.",
            { Refusal: UploadRefusal.TooManyDocuments } => $"문서는 한 사람이 {DocumentUploads.DocumentsPerMemberMax:N0}개까지 올릴 수 있습니다.",
            { Refusal: UploadRefusal.TooManyWaiting } => $"읽기를 기다리는 문서가 이미 {DocumentUploads.WaitingPerMemberMax:N0}개입니다. 읽힌 뒤에 다시 올려 주세요.",
            { Refusal: UploadRefusal.NoRoom } => "서버에 저장 공간이 부족해 받지 않았습니다. 관리자에게 알려 주세요.",
            { Refusal: UploadRefusal.NoCollection } => "고른 모음이 없어졌습니다.",
            { Refusal: UploadRefusal.Empty } => "빈 파일입니다.",
            { IsNew: false } => "같은 파일을 이미 올렸습니다.",
            _ => null,
        };
    }

    private static (long Audience, long? CollectionId) Chosen(long ownerId, IReadOnlyDictionary<string, string> fields) => (
        ReaderChoice.AudienceOf(fields.GetValueOrDefault(UploadForm.AudienceField), ownerId),
        long.TryParse(fields.GetValueOrDefault(UploadForm.CollectionField), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null);

    /// <summary>Who reads what was taken: a collection's choice counts, and not the form's.</summary>
    private async Task<string> ReadersAsync(long ownerId, IReadOnlyDictionary<string, string> fields, CancellationToken ct)
    {
        var (audience, collectionId) = Chosen(ownerId, fields);
        var collection = collectionId is { } id ? await db.CollectionAsync(id, new Reader(ownerId), ct) : null;
        return ReaderChoice.Sentence(collection?.Name, collection?.Audience ?? audience);
    }

    private static string Told(List<RefusedFile> refused)
    {
        var told = new List<string>();
        foreach (var file in refused.Take(RefusalsShownMax))
        {
            var line = $"{TextNormalizer.OneLine(file.Name, NameCharactersMax)}: {file.Reason}";
            if (told.Count > 0 && told.Sum(l => l.Length) + line.Length > ToldCharactersMax)
            {
                break;
            }

            told.Add(line);
        }

        return string.Join('\n', refused.Count > told.Count ? [.. told, $"그 밖에 {refused.Count - told.Count:N0}개도 받지 못했습니다."] : told);
    }

    /// <summary>The page's script goes where it is told; a form is sent there.</summary>
    private IActionResult Done(ReceivedUpload upload)
    {
        var address = upload.Taken > 0 ? "/documents?show=own" : "/documents/upload";
        return Request.GetTypedHeaders().Accept.Any(type => type.MediaType == "application/json")
            ? new JsonResult(new { address })
            : LocalRedirect(address);
    }

    [LoggerMessage(LogLevel.Warning, "No room for an upload: the database has {Used} bytes, the disk {Free} free ones.")]
    private static partial void NoRoom(ILogger logger, long used, long free);

    [LoggerMessage(LogLevel.Information, "{Taken} files uploaded, {Refused} refused.")]
    private static partial void Uploaded(ILogger logger, int taken, int refused);
}
