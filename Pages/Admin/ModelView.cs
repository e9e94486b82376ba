using Pybo.Rag.Models;

namespace Pybo.Pages.Admin;

/// <summary>A model on the page.</summary>
/// <param name="Job">What was last done to it since the site was started.</param>
/// <param name="IsChosen">The settings mean it.</param>
/// <param name="IsDownloading">Downloads are switched on.</param>
public sealed record ModelView(ModelRow Row, ModelJob? Job, bool IsChosen, bool IsDownloading)
{
    /// <summary>It can be downloaded, or mended by downloading.</summary>
    public bool CanPull => IsDownloading && Row.Known is not null && Row.Here is not { IsRegistered: true } && Job is not { IsOpen: true };

    public bool CanVerify => Row.Here is { IsComplete: true, IsEmbedded: false } && Job is not { IsOpen: true };

    public bool CanRemove => Row.Here is { IsEmbedded: false } && Job is not { IsOpen: true };

    /// <summary>Nothing where the job says more.</summary>
    public string? State => Job is not null && Row.Here is not { IsComplete: true } ? null : Row.State;

    public string PullLabel => Row.Here switch
    {
        null => "받기",
        { IsComplete: true } => "다시 받기",
        _ => "이어받기",
    };

    public static string TextOf(ModelJob job) => job switch
    {
        { State: ModelJobState.Waiting } => "차례를 기다립니다.",
        { State: ModelJobState.Running, Progress: null } => job.Kind == ModelJobKind.Pull ? "파일 목록을 받는 중입니다." : "확인을 시작합니다.",
        { State: ModelJobState.Running, Progress: { } at } =>
            $"{(job.Kind == ModelJobKind.Pull ? "받는 중" : "확인하는 중")}: {ByteCount.Text(at.DoneBytes)} / {ByteCount.Text(at.TotalBytes)} (파일 {at.DoneFiles}/{at.TotalFiles})",
        { State: ModelJobState.Stopped } => job.Kind == ModelJobKind.Pull ? "멈췄습니다. 다시 받으면 이어받습니다." : "확인을 멈췄습니다.",
        _ => job.Message ?? "",
    };
}
