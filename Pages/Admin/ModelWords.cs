using System.Globalization;
using Pybo.Pages.Resources;
using Pybo.Rag.Models;

namespace Pybo.Pages.Admin;

/// <summary>Describes a model, for the page and the terminal.</summary>
internal static class ModelWords
{
    public static string NameOf(ModelKind kind) => kind == ModelKind.Embedding ? AdminWords.KindEmbedding : AdminWords.KindGeneration;

    /// <summary>Returns the catalogue's short description of a model in the current language.</summary>
    public static string About(CatalogueModel model) => model.About[Languages.Of(CultureInfo.CurrentUICulture).Name];

    /// <summary>Returns the notes to read before choosing a model of the catalogue, the most binding first.</summary>
    public static IReadOnlyList<string> Notes(CatalogueModel model) =>
    [
        .. model.IsNonCommercial ? [AdminWords.NonCommercial] : Array.Empty<string>(),
        .. model.IsUntried ? [AdminWords.Untried] : Array.Empty<string>(),
    ];

    public static string StateOf(ModelRow row) => row.Here switch
    {
        null => AdminWords.StateAbsent,
        { IsEmbedded: true } => AdminWords.StateEmbedded,
        { Fault: { } fault } => NoticeWords.Of(fault),
        { IsRegistered: true, Folder: var folder } => AdminWords.StateRegistered.With(folder),
        _ => AdminWords.StateDownloaded,
    };

    public static string TextOf(ModelJob job) => job switch
    {
        { State: ModelJobState.Waiting } => AdminWords.JobWaiting,
        { State: ModelJobState.Running, Progress: null } => job.Kind == ModelJobKind.Pull ? AdminWords.JobListing : AdminWords.JobVerifyStarts,
        { State: ModelJobState.Running, Progress: { } at } => (job.Kind == ModelJobKind.Pull ? AdminWords.JobPulling : AdminWords.JobVerifying)
            .With(ByteCount.Text(at.DoneBytes), ByteCount.Text(at.TotalBytes), at.DoneFiles, at.TotalFiles),
        { State: ModelJobState.Stopped } => job.Kind == ModelJobKind.Pull ? AdminWords.JobPullStopped : AdminWords.JobVerifyStopped,
        { Message: { } message } => NoticeWords.Of(message),
        _ => "",
    };
}
