using System.Data.Common;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace Pybo.Data;

/// <summary>Identifies a file by its bytes.</summary>
/// <param name="Hash">SHA-256.</param>
public sealed record FileDigest(byte[] Hash, long Size)
{
    /// <summary>Hashes a whole stream and rewinds it.</summary>
    /// <param name="content">Seekable: the server buffers an upload in memory or on disk, not on the connection.</param>
    /// <param name="ct">Stops the reading.</param>
    public static async Task<FileDigest> OfAsync(Stream content, CancellationToken ct)
    {
        content.Position = 0;
        var hash = await SHA256.HashDataAsync(content, ct);
        var size = content.Position;
        content.Position = 0;
        return new(hash, size);
    }
}

/// <summary>Copies files into the database, one part at a time, never holding a whole file.</summary>
public static class FileStore
{
    extension(PyboDb db)
    {
        /// <summary>
        /// Stores a file with these bytes from the stream. Takes part in the open transaction, which must write a document that uses it. Only the command
        /// line's documents share a file: if a member's bytes were skipped because someone else has them, the upload time would reveal it.
        /// </summary>
        /// <param name="ownerId">The document's owner; null for the command line.</param>
        /// <param name="digest">The stream's digest.</param>
        /// <param name="content">The stream, at its beginning.</param>
        /// <param name="ct">Cancels.</param>
        /// <exception cref="IOException">The stream's bytes do not match the digest: the file changed in between.</exception>
        internal async Task<long> StoreFileAsync(long? ownerId, FileDigest digest, Stream content, CancellationToken ct)
        {
            if (db.Database.CurrentTransaction is not { } transaction)
            {
                throw new InvalidOperationException("A file is stored in the transaction of its document.");
            }

            if (ownerId is null
                && await db.Documents.Where(d => d.OwnerId == null && d.File!.Hash == digest.Hash).Select(d => (long?)d.FileId).FirstOrDefaultAsync(ct) is { } known)
            {
                return known;
            }

            var file = new DocumentFile { Hash = digest.Hash, Size = digest.Size };
            db.DocumentFiles.Add(file);
            await db.SaveChangesAsync(ct);
            await CopyAsync(db, transaction, file, content, ct);
            return file.Id;
        }
    }

    private static async Task CopyAsync(PyboDb db, IDbContextTransaction transaction, DocumentFile file, Stream content, CancellationToken ct)
    {
        await using var insert = db.Database.GetDbConnection().CreateCommand();
        insert.Transaction = transaction.GetDbTransaction();
        insert.CommandText = "insert into DocumentFileParts(FileId, Number, Content) values (@file, @number, @content)";
        var (number, bytes) = (Parameter("@number"), Parameter("@content"));
        Parameter("@file").Value = file.Id;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var part = new byte[DocumentFilePart.Bytes];
        for (var at = 0; await content.ReadAtLeastAsync(part, part.Length, throwOnEndOfStream: false, ct) is > 0 and var read; at++)
        {
            hash.AppendData(part, 0, read);
            number.Value = at;
            bytes.Value = read == part.Length ? part : part[..read];
            await insert.ExecuteNonQueryAsync(ct);
        }

        if (!hash.GetHashAndReset().AsSpan().SequenceEqual(file.Hash))
        {
            throw new NoticeException(Notice.Of(DatabaseProblem.FileChanged));
        }

        DbParameter Parameter(string name)
        {
            var parameter = insert.CreateParameter();
            parameter.ParameterName = name;
            insert.Parameters.Add(parameter);
            return parameter;
        }
    }
}
