using System.Globalization;
using Pybo.Data;
using Pybo.Pages.Shared;

namespace Pybo.Pages.Documents;

/// <summary>How far a document is, in words and as a bar.</summary>
/// <param name="Done">Of <paramref name="Total"/>; both 0 where nobody knows how much there is.</param>
/// <param name="IsOpen">It goes on by itself.</param>
public sealed record DocumentStateText(string Text, int Done, int Total, bool IsOpen, bool IsFailed)
{
    public static DocumentStateText Of(DocumentProgress progress, DateTime now) => progress.State switch
    {
        DocumentState.Failed => new($"읽지 못했습니다: {progress.IndexError}", 0, 0, IsOpen: false, IsFailed: true),
        DocumentState.Ready => new("찾을 수 있습니다.", 0, 0, IsOpen: false, IsFailed: false),
        DocumentState.Embedding => Open($"색인하고 있습니다: {progress.ChunksTotal:N0}조각 가운데 {progress.ChunksDone:N0}", progress.ChunksDone, progress.ChunksTotal),
        DocumentState.Reading when progress.PagesRead > 0 => Open($"읽고 있습니다: {progress.PagesRead:N0}쪽"),
        DocumentState.Reading => Open("읽고 있습니다."),
        _ when progress.NextAttemptAt > now && progress.Attempts == 0 => Open("서버에 저장 공간이 없어 기다립니다. 공간이 생기면 읽습니다."),
        _ when progress.NextAttemptAt > now => Open(string.Create(CultureInfo.InvariantCulture, $"잘되지 않아 {PyboTime.DayAndTime(progress.NextAttemptAt.Value)}에 다시 읽습니다({progress.Attempts}번 시도).")),
        _ => Open("차례를 기다립니다."),
    };

    private static DocumentStateText Open(string text, int done = 0, int total = 0) => new(text, done, total, IsOpen: true, IsFailed: false);
}
