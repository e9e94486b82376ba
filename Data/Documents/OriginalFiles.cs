using Microsoft.EntityFrameworkCore;

namespace Pybo.Data;

/// <summary>A document's original, to send or read; dispose of <paramref name="Content"/>.</summary>
/// <param name="Content">Seekable, so that ranges can be served.</param>
/// <param name="Format">The same as <see cref="Document.Format"/>.</param>
public sealed record OriginalFile(Stream Content, long Size, byte[] Hash, string Path, string? Format);

/// <summary>Opens files in the database; their bytes are read while they are sent, and never held as a whole.</summary>
public static class OriginalFiles
{
    extension(IDbContextFactory<PyboDb> dbs)
    {
        /// <summary>Opens a document's original; null if there is none for this reader.</summary>
        public async Task<OriginalFile?> OpenOriginalAsync(long documentId, Viewer viewer, CancellationToken ct)
        {
            await using var db = await dbs.CreateDbContextAsync(ct);
            var file = await db.ReadableDocuments(viewer).Where(d => d.Id == documentId)
                .Select(d => new { d.FileId, d.File!.Size, d.File.Hash, d.Path, d.Format }).SingleOrDefaultAsync(ct);
            return file is null ? null : new(dbs.OpenFile(file.FileId, file.Size), file.Size, file.Hash, file.Path, file.Format);
        }

        /// <summary>Opens a file's bytes for the worker; people get them through <see cref="OpenOriginalAsync"/>, which checks access.</summary>
        internal Stream OpenFile(long fileId, long size) => new FilePartsStream(dbs, fileId, size);
    }
}
