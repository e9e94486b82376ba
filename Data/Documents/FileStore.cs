using System.Data.Common;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace Pybo.Data;

/// <summary>What tells a file's bytes from any others'.</summary>
/// <param name="Hash">SHA-256.</param>
public sealed record FileDigest(byte[] Hash, long Size)
{
    /// <summary>Reads a stream from its beginning to its end, and leaves it at its beginning.</summary>
    /// <param name="content">Seekable: an upload of the server lies in memory or on the disk, not on the line.</param>
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

/// <summary>Files into the database, a part at a time: nothing here holds a whole file.</summary>
public static class FileStore
{
    extension(PyboDb db)
    {
        /// <summary>
        /// A file with these bytes, copied from the stream. Takes part in the open transaction, which must write a document that has it. Only the command
        /// line's documents share a file: were a member's bytes not written because somebody has them, the time of an upload would tell.
        /// </summary>
        /// <param name="ownerId">Of the document; null for one of the command line.</param>
        /// <param name="digest">Of the stream.</param>
        /// <param name="content">From its beginning.</param>
        /// <param name="ct">Cancels.</param>
        /// <exception cref="IOException">The stream gave other bytes than those the digest was made of: the file changed meanwhile.</exception>
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
