using Pybo.Data;
using Pybo.Rag.Documents;
using Pybo.Rag.Documents.Enclosed;

namespace Pybo.Rag.Ingestion;

/// <summary>A file or folder that was skipped, and why, in words for the reader.</summary>
/// <param name="Reason">A <see cref="Notice"/> as stored, or the words of the system or of an older version.</param>
public sealed record FileProblem(string Path, string Reason);

/// <summary>The contents of a folder.</summary>
/// <param name="Files">Relative paths with '/' of the readable files and the archives, in an order that does not depend on the disk.</param>
/// <param name="Skipped">Links to folders, and files of kinds that are not read.</param>
/// <param name="Failed">Folders that cannot be listed.</param>
public sealed record FolderListing(IReadOnlyList<string> Files, IReadOnlyList<FileProblem> Skipped, IReadOnlyList<FileProblem> Failed)
{
    public const int FilesMax = 100_000;
    public const int DepthMax = 64;

    /// <summary>More files of kinds that are not read are counted, not named.</summary>
    public const int NotReadNamedMax = 50;

    private static readonly EnumerationOptions Everything = new() { AttributesToSkip = 0, IgnoreInaccessible = false };

    /// <summary>
    /// Lists the readable kinds of file in a folder and below it. Skips hidden ones and does not follow links to folders, which may
    /// lead back to where they are.
    /// </summary>
    /// <param name="picturesUnread">Why pictures are not read; null if they are.</param>
    public static FolderListing Of(string folder, Notice? picturesUnread = null)
    {
        var (files, skipped, failed, notRead) = (new List<string>(), new List<FileProblem>(), new List<FileProblem>(), new List<string>());
        var waiting = new Stack<(string Relative, int Depth)>([("", 0)]);
        while (waiting.TryPop(out var at))
        {
            foreach (var entry in Entries(Path.Combine(folder, at.Relative), at.Relative, failed))
            {
                var relative = at.Relative.Length == 0 ? entry.Name : $"{at.Relative}/{entry.Name}";
                if (entry.Name.StartsWith('.') || entry.Attributes.HasFlag(FileAttributes.Hidden))
                {
                    continue;
                }

                if (entry is FileInfo && (DocumentReader.AllExtensions.Contains(entry.Extension, StringComparer.OrdinalIgnoreCase) || ZipFiles.HasExtension(entry.Name))
                    && (picturesUnread is null || !IsPicture(relative)))
                {
                    files.Add(relative);
                }
                else if (entry is FileInfo)
                {
                    notRead.Add(relative);
                }
                else if (entry is DirectoryInfo && entry.LinkTarget is not null)
                {
                    skipped.Add(new(relative, Notice.Of(IngestionProblem.FolderLink).ToString()));
                }
                else if (entry is DirectoryInfo && at.Depth == DepthMax)
                {
                    failed.Add(new(relative, Notice.Of(IngestionProblem.FolderTooDeep, DepthMax).ToString()));
                }
                else if (entry is DirectoryInfo)
                {
                    waiting.Push((relative, at.Depth + 1));
                }
            }
        }

        files.Sort(StringComparer.Ordinal);
        notRead.Sort(StringComparer.Ordinal);
        skipped.AddRange(Named(notRead.ConvertAll(file => new FileProblem(file, KindOf(file, picturesUnread).ToString()))));

        if (files.Count > FilesMax)
        {
            failed.Add(new(files[FilesMax], Notice.Of(IngestionProblem.TooManyFiles, FilesMax, files.Count - FilesMax).ToString()));
            files.RemoveRange(FilesMax, files.Count - FilesMax);
        }

        return new(files, skipped, failed);
    }

    /// <summary>Returns the first files of kinds that are not read, and the number of the others.</summary>
    internal static IEnumerable<FileProblem> Named(IReadOnlyList<FileProblem> notRead) => notRead.Count <= NotReadNamedMax
        ? notRead
        : notRead.Take(NotReadNamedMax).Append(new(notRead[NotReadNamedMax].Path, Notice.Of(IngestionProblem.MoreNotRead, notRead.Count - NotReadNamedMax).ToString()));

    /// <summary>Explains to the reader why the system refused access.</summary>
    internal static string Reason(Exception error) => error switch
    {
        UnauthorizedAccessException => Notice.Of(IngestionProblem.NoPermission).ToString(),
        FileNotFoundException or DirectoryNotFoundException => Notice.Of(IngestionProblem.FileGone).ToString(),
        _ => error.Message,
    };

    /// <summary>Says why a kind of file is not read, and for known ones how to convert it.</summary>
    private static Notice KindOf(string file, Notice? picturesUnread) =>
        picturesUnread is not null && IsPicture(file) ? picturesUnread : OtherKinds.OfName(file) ?? OtherKinds.NotRead(file);

    private static bool IsPicture(string file) => DocumentReader.PictureExtensions.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase);

    private static List<FileSystemInfo> Entries(string folder, string relative, List<FileProblem> failed)
    {
        try
        {
            return [.. new DirectoryInfo(folder).EnumerateFileSystemInfos("*", Everything)];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            failed.Add(new(relative.Length == 0 ? folder : relative, Reason(error)));
            return [];
        }
    }
}
