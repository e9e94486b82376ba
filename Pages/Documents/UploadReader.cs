using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using Pybo.Data;
using Pybo.Pages.Resources;
using Pybo.Rag.Documents;
using Pybo.Rag.Documents.Enclosed;

namespace Pybo.Pages.Documents;

/// <summary>Reads an upload's form piece by piece: its fields first, then each file to a temporary one.</summary>
/// <remarks>
/// ASP.NET's own reader buffers the whole body before a handler runs. Here a file is judged by its first bytes and refused before the rest is
/// read, and no file is ever fully in memory. The form's token must precede its files; without it, no file is read.
/// </remarks>
public sealed class UploadReader(IAntiforgery antiforgery, IOptions<AntiforgeryOptions> form, UploadFolder folder, UnwrapFile unwrap)
{
    public const int FilesMax = 100;

    /// <summary>Token, audience, collection, and room for a few more.</summary>
    private const int FieldsMax = 20;

    private const int FieldCharactersMax = 8_192;
    private const int BoundaryCharactersMax = 100;
    private const int HeadersPerPartMax = 16;
    private const int HeaderBytesMax = 16 * 1024;

    /// <summary>The bytes needed to detect a format: see <see cref="DocumentReader.Recognises"/>.</summary>
    private const int HeadBytes = 64 * 1024;

    /// <summary>Passes each readable file to <paramref name="keep"/>.</summary>
    /// <param name="request">A multipart/form-data request.</param>
    /// <param name="bytesMax">The size limit of one file.</param>
    /// <param name="keep">Stores a file; returns the reason for a refusal, or null.</param>
    /// <param name="ct">Cancels; files already stored stay.</param>
    /// <exception cref="BadHttpRequestException">The form is broken.</exception>
    public async Task<ReceivedUpload> ReadAsync(HttpRequest request, long bytesMax, Func<ReceivedFile, IReadOnlyDictionary<string, string>, Task<string?>> keep, CancellationToken ct)
    {
        var boundary = MediaTypeHeaderValue.TryParse(request.ContentType, out var type) ? HeaderUtilities.RemoveQuotes(type.Boundary).Value : null;
        if (boundary is not { Length: > 0 and <= BoundaryCharactersMax })
        {
            throw new BadHttpRequestException("The upload has no usable multipart boundary.");
        }

        var upload = new ReceivedUpload();
        var sections = new MultipartReader(boundary, request.Body) { HeadersCountLimit = HeadersPerPartMax, HeadersLengthLimit = HeaderBytesMax };
        while (await sections.ReadNextSectionAsync(ct) is { } section)
        {
            if (!ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var disposition))
            {
                continue;
            }

            if (!disposition.IsFileDisposition())
            {
                await ReadFieldAsync(section, disposition, upload, ct);
                continue;
            }

            upload.HasToken = upload.HasToken || await HasTokenAsync(request, upload.Fields);
            if (!upload.HasToken)
            {
                return upload;
            }

            if (FileName(disposition) is { } name)
            {
                await ReadFileAsync(section.Body, name, bytesMax, keep, upload, ct);
            }
        }

        upload.HasToken = upload.HasToken || await HasTokenAsync(request, upload.Fields);
        return upload;
    }

    private static async Task ReadFieldAsync(MultipartSection section, ContentDispositionHeaderValue disposition, ReceivedUpload upload, CancellationToken ct)
    {
        if (upload.Fields.Count >= FieldsMax || await ReadTextAsync(section.Body, ct) is not { } value)
        {
            throw new BadHttpRequestException("The upload's form has too many or too long fields.");
        }

        var name = HeaderUtilities.RemoveQuotes(disposition.Name).ToString();
        if (name == UploadForm.PasswordField)
        {
            upload.Password = value;
        }
        else
        {
            upload.Fields[name] = value;
        }
    }

    private static async Task<string?> ReadTextAsync(Stream body, CancellationToken ct)
    {
        var characters = new char[FieldCharactersMax + 1];
        using var reader = new StreamReader(body);
        var length = await reader.ReadBlockAsync(characters, ct);
        return length > FieldCharactersMax ? null : new string(characters, 0, length);
    }

    /// <summary>The antiforgery service reads the token from a header, or from a form that it would read whole, so it gets the header.</summary>
    private async Task<bool> HasTokenAsync(HttpRequest request, Dictionary<string, string> fields)
    {
        var header = form.Value.HeaderName ?? throw new InvalidOperationException("Antiforgery has no header.");
        if (fields.TryGetValue(form.Value.FormFieldName, out var token))
        {
            request.Headers[header] = token;
        }

        return request.Headers.ContainsKey(header) && await antiforgery.IsRequestValidAsync(request.HttpContext);
    }

    /// <summary>Returns the file's cleaned name; null for the empty part of a form without a chosen file.</summary>
    private static string? FileName(ContentDispositionHeaderValue disposition)
    {
        var sent = HeaderUtilities.RemoveQuotes(disposition.FileNameStar.HasValue ? disposition.FileNameStar : disposition.FileName);
        return sent.Length == 0 ? null : DocumentNames.OfFile(sent.ToString());
    }

    private async Task ReadFileAsync(
        Stream body, string name, long bytesMax, Func<ReceivedFile, IReadOnlyDictionary<string, string>, Task<string?>> keep, ReceivedUpload upload, CancellationToken ct)
    {
        var received = upload.Taken + upload.Refused.Count;
        if (received >= FilesMax)
        {
            // Only the first surplus file is named: a form may have any number of parts.
            upload.Refused.AddRange(received == FilesMax ? [new(name, DocumentWords.TooManyFiles.With(FilesMax))] : []);
            return;
        }

        var head = new byte[HeadBytes];
        var headLength = await body.ReadAtLeastAsync(head, HeadBytes, throwOnEndOfStream: false, ct);
        if (Refusal(head.AsSpan(0, headLength), name, upload.Fields.ContainsKey(UploadForm.DocumentField)) is { } refusal)
        {
            upload.Refused.Add(new(name, refusal));
            return;
        }

        await using var file = folder.Create();
        await file.WriteAsync(head.AsMemory(0, headLength), ct);
        if (!await CopyAsync(body, file, bytesMax, ct))
        {
            upload.Refused.Add(new(name, DocumentWords.FileTooLarge.With(bytesMax / 1_000_000)));
            return;
        }

        file.Position = 0;
        if (await Unwrapping.MayApplyAsync(file, head.AsMemory(0, headLength), name, ct))
        {
            await UnwrapAsync(file, name, keep, upload, ct);
        }
        else
        {
            await KeepAsync(new(name, file), keep, upload);
        }
    }

    private static async Task KeepAsync(ReceivedFile file, Func<ReceivedFile, IReadOnlyDictionary<string, string>, Task<string?>> keep, ReceivedUpload upload)
    {
        if (await keep(file, upload.Fields) is { } reason)
        {
            upload.Refused.Add(new(file.Name, reason));
        }
        else
        {
            upload.Taken++;
        }
    }

    /// <summary>Keeps the files of an archive, or a file without its password; the file itself if there is nothing to unwrap.</summary>
    private async Task UnwrapAsync(FileStream file, string name, Func<ReceivedFile, IReadOnlyDictionary<string, string>, Task<string?>> keep, ReceivedUpload upload, CancellationToken ct)
    {
        await using var files = new UnwrappedFiles(folder.Create());
        try
        {
            await unwrap(file, file.Length, name, upload.Password, files, ct);
        }
        catch (DocumentUnreadableException unreadable)
        {
            upload.Refused.Add(new(name, NoticeWords.Of(unreadable.Notice)));
            return;
        }

        foreach (var one in files.Files)
        {
            var path = one.Name == name ? name : DocumentNames.InArchive(name, one.Name);
            if (one.Refusal is { } refusal)
            {
                upload.Refused.Add(new(path, NoticeWords.Of(refusal)));
                continue;
            }

            await using var content = files.Open(one);
            await KeepAsync(new(path, content), keep, upload);
        }

        if (files.Files.Count == 0 && files.Ignored == 0)
        {
            file.Position = 0;
            await KeepAsync(new(name, file), keep, upload);
        }
    }

    private static string? Refusal(ReadOnlySpan<byte> head, string name, bool isVersion)
    {
        try
        {
            if (head.IsEmpty)
            {
                return DocumentWords.EmptyFile;
            }

            if (ZipFiles.IsOne(head, name))
            {
                return isVersion ? DocumentWords.ArchiveIsNoVersion : null;
            }

            DocumentReader.For(head, name);
            return null;
        }
        catch (DocumentUnreadableException unreadable)
        {
            return NoticeWords.Of(unreadable.Notice);
        }
    }

    /// <returns>False if the file is longer than allowed; the rest of it stays unread.</returns>
    private static async Task<bool> CopyAsync(Stream body, FileStream file, long bytesMax, CancellationToken ct)
    {
        var buffer = new byte[HeadBytes];
        while (file.Length <= bytesMax)
        {
            var length = await body.ReadAsync(buffer, ct);
            if (length == 0)
            {
                return true;
            }

            await file.WriteAsync(buffer.AsMemory(0, length), ct);
        }

        return false;
    }
}

/// <summary>A received file, at its beginning; it is deleted when its stream is closed.</summary>
public sealed record ReceivedFile(string Name, Stream Content);

/// <summary>A refused file, and the reason.</summary>
public sealed record RefusedFile(string Name, string Reason);

/// <summary>The result of an upload.</summary>
public sealed class ReceivedUpload
{
    public Dictionary<string, string> Fields { get; } = [];

    /// <summary>The password for all files of this upload, kept until the end of the request; empty if none was given.</summary>
    public string Password { get; set; } = "";

    /// <summary>False if the form was not ours, or its session had ended: then nothing was stored.</summary>
    public bool HasToken { get; set; }

    public int Taken { get; set; }

    public List<RefusedFile> Refused { get; } = [];
}
