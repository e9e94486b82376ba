using Pybo.Data;
using Pybo.Rag.Documents.Mail;

namespace Pybo.Rag.Documents.Enclosed;

/// <summary>The text of files inside a document, each under its name as heading: what its own reader says of it, without pages, which are the outer document's.</summary>
/// <param name="level">The headings' level; the headings inside a file are below it.</param>
/// <param name="depth">How many mails the document is in.</param>
internal sealed class EnclosedText(int level, int depth)
{
    /// <summary>Further files are left out, with a warning.</summary>
    public const int FilesMax = 200;

    /// <summary>A larger file in an archive is left out: all its bytes are held to be read.</summary>
    private const int ArchivedBytesMax = 100_000_000;

    private int files;

    /// <summary>Reads a file, or the files in it if it is an archive. One that cannot be read is a warning, since the others can.</summary>
    public IEnumerable<DocumentPart> Parts(string name, byte[] bytes) =>
        ZipFiles.IsOne(bytes, name) ? Archived(name, bytes) : Read(name, () => bytes);

    private IEnumerable<DocumentPart> Archived(string name, byte[] bytes)
    {
        IReadOnlyList<EnclosedFile> files = [];
        Notice? refusal = null;
        try
        {
            files = ZipFiles.Of(bytes, password: "", out _);
        }
        catch (DocumentUnreadableException unreadable)
        {
            refusal = Within(name, unreadable.Notice);
        }

        return refusal is not null ? [new WarningPart(refusal)] : files.SelectMany(file => Archived($"{name}/{file.Name}", file));
    }

    private IEnumerable<DocumentPart> Archived(string path, EnclosedFile file) =>
        file.Refusal is { } refusal ? [new WarningPart(Within(path, refusal))] : Read(path, () => Bytes(file));

    private static byte[] Bytes(EnclosedFile file)
    {
        using var stream = file.Open!();
        using var bytes = new MemoryStream();
        var buffer = new byte[65_536];
        while (stream.Read(buffer) is > 0 and var count)
        {
            if (bytes.Length + count > ArchivedBytesMax)
            {
                throw new DocumentUnreadableException(Notice.Of(ReadingProblem.TooLarge, ArchivedBytesMax / 1_000_000));
            }

            bytes.Write(buffer, 0, count);
        }

        return bytes.ToArray();
    }

    private IEnumerable<DocumentPart> Read(string path, Func<byte[]> open)
    {
        if (++files > FilesMax)
        {
            return files == FilesMax + 1 ? [new TruncatedPart(Notice.Of(ReadingProblem.TooManySections, FilesMax))] : [];
        }

        return Guarded(path, open);
    }

    private IEnumerable<DocumentPart> Guarded(string path, Func<byte[]> open)
    {
        using var parts = Own(path, open).GetEnumerator();
        while (true)
        {
            DocumentPart part;
            try
            {
                if (!parts.MoveNext())
                {
                    yield break;
                }

                part = parts.Current;
            }
            catch (DocumentUnreadableException unreadable)
            {
                part = new WarningPart(Within(path, unreadable.Notice));
            }

            yield return part;
        }
    }

    private IEnumerable<DocumentPart> Own(string path, Func<byte[]> open)
    {
        var bytes = open();
        var name = path[(path.LastIndexOf('/') + 1)..];
        if (ZipFiles.IsOne(bytes, name))
        {
            throw new DocumentUnreadableException(Notice.Of(ReadingProblem.ArchiveInArchive));
        }

        var reader = DocumentReader.For(bytes, name);
        if (reader is EmlReader && depth == MailText.MailsDeepMax)
        {
            throw new DocumentUnreadableException(Notice.Of(ReadingProblem.MailTooDeep, MailText.MailsDeepMax));
        }

        yield return BlockPart.Heading(level, path);
        foreach (var part in reader is EmlReader ? EmlReader.Read(bytes, depth + 1) : reader.Read(bytes, name))
        {
            switch (part)
            {
                case BlockPart block:
                    yield return block with { Level = block.Level == 0 ? 0 : Math.Min(block.Level + level, 6), Lines = [.. block.Lines.Select(line => line with { Box = null })] };
                    break;
                case WarningPart warning:
                    yield return new WarningPart(Within(path, warning.Notice));
                    break;
                case TruncatedPart cut:
                    yield return new TruncatedPart(Within(path, cut.Reason));
                    break;
            }
        }
    }

    /// <summary>Says which file a notice is about, unless the notice names one inside it already.</summary>
    private static Notice Within(string path, Notice notice) =>
        notice.Code == Notice.Of(ReadingProblem.EnclosedNotRead).Code ? notice : Notice.Of(ReadingProblem.EnclosedNotRead, path, OtherKinds.Brief(notice, path));
}
