using System.Net;

namespace Pybo.Rag.Models;

/// <summary>What the Hub's refusals mean, and what the reader can do.</summary>
internal static class HubRefusal
{
    /// <summary>The header in which the Hub names its reason: GatedRepo, RepoNotFound, RevisionNotFound, EntryNotFound.</summary>
    private const string CodeHeader = "X-Error-Code";

    public static ModelException Of(HttpResponseMessage answer, HubSettings settings, string repository)
    {
        var code = answer.Headers.TryGetValues(CodeHeader, out var codes) ? codes.FirstOrDefault() : null;
        var page = settings.PageOf(repository);
        var isGated = code == "GatedRepo" || (code is null && answer.StatusCode == HttpStatusCode.Forbidden);
        return (code, answer.StatusCode) switch
        {
            _ when isGated && settings.Token is null => new(
                $"{repository}는 사용 조건에 동의한 사람만 받을 수 있습니다. {page} 에 로그인해 동의하고, https://huggingface.co/settings/tokens 에서 만든 토큰을 환경 변수 HF_TOKEN으로 준 뒤 다시 받으세요.", page),
            _ when isGated => new(
                $"{repository}는 사용 조건에 동의한 사람만 받을 수 있습니다. HF_TOKEN의 주인이 {page} 에서 동의했는지, 토큰에 읽기 권한이 있는지 확인하세요.", page),
            (null, HttpStatusCode.Unauthorized) when settings.Token is not null => new("허브가 토큰을 받아들이지 않습니다(401). HF_TOKEN이나 토큰 파일이 맞는지 확인하세요.", page),
            ("RepoNotFound", _) or (null, HttpStatusCode.NotFound or HttpStatusCode.Unauthorized) => new(
                $"{settings.Endpoint.Host}에 {repository}가 없거나, 공개되지 않았습니다. 공개되지 않은 것이면 볼 수 있는 사람의 토큰을 HF_TOKEN으로 주세요.", page),
            ("RevisionNotFound", _) => new RevisionNotFoundException($"{repository}에 그 판(revision)이 없습니다.", page),
            ("EntryNotFound", _) => new($"{repository}에 목록에 있던 파일이 없습니다. 그 사이에 바뀌었을 수 있으니 다시 받아 보세요.", page),
            _ => new($"허브가 요청을 거절했습니다(HTTP {(int)answer.StatusCode}).", page),
        };
    }
}

/// <summary>The repository is there, the commit is not: history was rewritten.</summary>
internal sealed class RevisionNotFoundException(string message, Uri link) : ModelException(message, link);
