using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Pybo.Data;
using Pybo.Pages.Resources;

namespace Pybo.Pages.Images;

/// <summary>Takes members' images: judges, re-encodes and stores them, a few at once.</summary>
public sealed class ImageIntake(IDbContextFactory<PyboDb> dbs, StorageLimits limits) : IDisposable
{
    /// <summary>Images that are decoded at once: each takes up to 160 MB.</summary>
    private const int DecodedAtOnceMax = 2;

    /// <summary>Images in memory that wait to be decoded.</summary>
    private const int WaitingMax = 20;

    public const string Accept = "image/png,image/jpeg,image/gif,image/webp";

    /// <summary>The size of the form around the file: token, boundaries, name.</summary>
    private const int FormBytes = 64 * 1024;

    /// <summary>A request's length: the limit of one image applies to a form that declares no length, too.</summary>
    public const int RequestBytesMax = ImageReencoder.BytesMax + FormBytes;

    private readonly SemaphoreSlim decoding = new(DecodedAtOnceMax);
    private int waiting;

    /// <summary>Stores a file of a form.</summary>
    public async Task<TakenImage> TakeAsync(IFormFile? file, long ownerId, CancellationToken ct)
    {
        if (file is null)
        {
            return TakenImage.Refused(StatusCodes.Status400BadRequest, WritingWords.ImageChoose);
        }

        await using var db = await dbs.CreateDbContextAsync(ct);
        if (Refusal(await db.ImageQuotaAsync(ownerId, file.Length, limits, ct)) is { } full)
        {
            return full;
        }

        if (Interlocked.Increment(ref waiting) > DecodedAtOnceMax + WaitingMax)
        {
            Interlocked.Decrement(ref waiting);
            return TakenImage.Refused(StatusCodes.Status503ServiceUnavailable, WritingWords.ImageBusy);
        }

        try
        {
            return await StoreAsync(db, file, ownerId, ct);
        }
        catch (Exception error) when (DiskFull.Is(error))
        {
            return Refusal(ImageQuota.NoRoom)!;
        }
        finally
        {
            Interlocked.Decrement(ref waiting);
        }
    }

    public void Dispose() => decoding.Dispose();

    private async Task<TakenImage> StoreAsync(PyboDb db, IFormFile file, long ownerId, CancellationToken ct)
    {
        var bytes = new byte[Math.Min(file.Length, ImageReencoder.BytesMax + 1)];
        await using (var content = file.OpenReadStream())
        {
            await content.ReadExactlyAsync(bytes, ct);
        }

        var (image, fault) = await MakeAsync(bytes, ownerId, ct);
        return image is null ? Refusal(fault)
            : Refusal(await db.AddImageAsync(image, limits, ct)) ?? TakenImage.Of(image, DocumentNames.OfFile(file.FileName));
    }

    private async Task<(Image? Image, ImageFault Fault)> MakeAsync(byte[] bytes, long ownerId, CancellationToken ct)
    {
        await decoding.WaitAsync(ct);
        try
        {
            return await Task.Run(() => ImageReencoder.Make(bytes, ownerId), ct);
        }
        finally
        {
            decoding.Release();
        }
    }

    private static TakenImage Refusal(ImageFault fault) => fault switch
    {
        ImageFault.Empty => TakenImage.Refused(StatusCodes.Status400BadRequest, WritingWords.ImageEmpty),
        ImageFault.TooLong => TakenImage.Refused(StatusCodes.Status413PayloadTooLarge, WritingWords.ImageTooLong.With(TakenImage.MegabytesMax)),
        ImageFault.TooManyPixels => TakenImage.Refused(StatusCodes.Status413PayloadTooLarge, WritingWords.ImageTooManyPixels.With(ImageReencoder.PixelsMax)),
        ImageFault.Damaged => TakenImage.Refused(StatusCodes.Status400BadRequest, WritingWords.ImageDamaged),
        _ => TakenImage.Refused(StatusCodes.Status415UnsupportedMediaType, WritingWords.ImageOtherFormat),
    };

    private static TakenImage? Refusal(ImageQuota quota) => quota switch
    {
        ImageQuota.PerDay => TakenImage.Refused(StatusCodes.Status429TooManyRequests, WritingWords.ImagesPerDay.With(ImageQueries.PerDayMax)),
        ImageQuota.PerMember => TakenImage.Refused(StatusCodes.Status413PayloadTooLarge, WritingWords.ImagesPerMember.With(ImageQueries.BytesPerMemberMax / TakenImage.BytesPerMegabyte)),
        ImageQuota.NoRoom => TakenImage.Refused(StatusCodes.Status507InsufficientStorage, WritingWords.ImageNoRoom),
        _ => null,
    };
}
