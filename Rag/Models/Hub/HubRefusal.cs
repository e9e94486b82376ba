using System.Net;
using Pybo.Data;

namespace Pybo.Rag.Models;

/// <summary>Explains the Hub's refusals, and what the reader can do.</summary>
internal static class HubRefusal
{
    /// <summary>The header with the Hub's reason: GatedRepo, RepoNotFound, RevisionNotFound, EntryNotFound.</summary>
    private const string CodeHeader = "X-Error-Code";

    public static ModelException Of(HttpResponseMessage answer, HubSettings settings, string repository)
    {
        var code = answer.Headers.TryGetValues(CodeHeader, out var codes) ? codes.FirstOrDefault() : null;
        var page = settings.PageOf(repository);
        var isGated = code == "GatedRepo" || (code is null && answer.StatusCode == HttpStatusCode.Forbidden);
        return (code, answer.StatusCode) switch
        {
            _ when isGated && settings.Token is null => new(
                Notice.Of(ModelProblem.Gated, repository, page), page),
            _ when isGated => new(
                Notice.Of(ModelProblem.GatedToken, repository, page), page),
            (null, HttpStatusCode.Unauthorized) when settings.Token is not null => new(Notice.Of(ModelProblem.BadToken), page),
            ("RepoNotFound", _) or (null, HttpStatusCode.NotFound or HttpStatusCode.Unauthorized) => new(
                Notice.Of(ModelProblem.NoRepository, settings.Endpoint.Host, repository), page),
            ("RevisionNotFound", _) => new RevisionNotFoundException(Notice.Of(ModelProblem.NoRevision, repository), page),
            ("EntryNotFound", _) => new(Notice.Of(ModelProblem.NoFile, repository), page),
            _ => new(Notice.Of(ModelProblem.Refused, (int)answer.StatusCode), page),
        };
    }
}

/// <summary>The repository exists but the commit does not: its history was rewritten.</summary>
internal sealed class RevisionNotFoundException(Notice notice, Uri link) : ModelException(notice, link);
