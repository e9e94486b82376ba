using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Pybo.Data;
using Pybo.Rag.Outgoing;

namespace Pybo.Rag.Models;

/// <summary>Fetches listings and files from the Hugging Face Hub.</summary>
/// <remarks>
/// Sizes and hashes come from the listing of one commit; no other statement of a server about a file is trusted. Redirects are followed here: only to
/// http(s), never from https to http, and the token is sent only to the endpoint's own origin.
/// </remarks>
public sealed class HubClient : IDisposable
{
    private readonly HubSettings settings;
    private readonly HubLimits limits;
    private readonly HttpClient http;

    public HubClient(HubSettings settings, HubLimits limits, OutgoingHttp outgoing)
    {
        (this.settings, this.limits) = (settings, limits);
        http = outgoing.CreateClient(OutgoingKind.Models, settings.IsEndpointNamed ? [settings.Endpoint] : [], limits.StallTimeout);
        (http.Timeout, http.MaxResponseContentBufferSize) = (Timeout.InfiniteTimeSpan, limits.ListingPageBytesMax);
        http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("Pybo", typeof(HubClient).Assembly.GetName().Version?.ToString()));
        http.DefaultRequestHeaders.AcceptEncoding.Add(new("identity"));
    }

    /// <summary>Lists the wanted files of a repository, at the current commit of a revision.</summary>
    /// <param name="repository"><c>owner/name</c>.</param>
    /// <param name="revision">A commit, a branch or a tag.</param>
    /// <param name="wants">Whether a path is wanted; others are ignored.</param>
    /// <param name="ct">Cancels.</param>
    /// <exception cref="ModelException">The Hub refuses, cannot be reached, or returns an untrustworthy listing.</exception>
    public async Task<HubListing> ListAsync(string repository, string revision, Func<string, bool> wants, CancellationToken ct)
    {
        var api = $"{settings.Base}/api/models/{repository}";
        var (at, _) = await GetAsync(new($"{api}/revision/{Uri.EscapeDataString(revision)}"), repository, HubJson.Default.HubRevision, ct);
        if (at.Sha.Length is 0 or > 100 || !at.Sha.All(char.IsAsciiLetterOrDigit))
        {
            throw new ModelException(Notice.Of(ModelProblem.NoCommit, repository));
        }

        var files = new Dictionary<string, HubFile>(StringComparer.OrdinalIgnoreCase);
        var next = new Uri($"{api}/tree/{at.Sha}?recursive=true");
        for (var page = 0; next is not null; page++)
        {
            if (page == limits.ListingPagesMax)
            {
                throw new ModelException(Notice.Of(ModelProblem.TooManyPages, repository, limits.ListingPagesMax));
            }

            (var entries, next) = await GetAsync(next, repository, HubJson.Default.HubTreeEntryArray, ct);
            foreach (var entry in entries.Where(entry => entry.Type == "file" && wants(entry.Path)))
            {
                var file = Checked(entry, repository);
                if (!files.TryAdd(file.Path, file) || files.Count > limits.FilesMax)
                {
                    throw new ModelException(files.Count > limits.FilesMax ? Notice.Of(ModelProblem.TooManyListed, repository, limits.FilesMax) : Notice.Of(ModelProblem.ListedTwice, repository, file.Path));
                }
            }
        }

        return new(repository, at.Sha, [.. files.Values]);
    }

    /// <summary>Opens a file's content from a byte offset; the caller checks the status, which is a success or 416, and disposes.</summary>
    /// <exception cref="TransientHubException">A retry may succeed.</exception>
    /// <exception cref="ModelException">A retry will not succeed.</exception>
    internal async Task<HttpResponseMessage> OpenAsync(HubListing listing, HubFile file, long from, CancellationToken ct)
    {
        var path = string.Join('/', file.Path.Split('/').Select(Uri.EscapeDataString));
        var answer = await SendAsync(new($"{settings.Base}/{listing.Repository}/resolve/{listing.Commit}/{path}"), from, HttpCompletionOption.ResponseHeadersRead, ct);
        return answer.IsSuccessStatusCode || (from > 0 && answer.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable) ? answer : throw Failure(answer, listing.Repository);
    }

    /// <summary>Waits before the next attempt, or gives up with a message.</summary>
    /// <param name="error">Why the last one failed.</param>
    /// <param name="fruitless">Consecutive attempts without new data.</param>
    /// <param name="ct">Cancels.</param>
    internal async Task WaitAsync(TransientHubException error, int fruitless, CancellationToken ct)
    {
        if (fruitless >= limits.AttemptsMax)
        {
            throw new ModelException(error.StatusCode == HttpStatusCode.TooManyRequests
                ? Notice.Of(ModelProblem.TooManyRequests, settings.Endpoint.Host)
                : Notice.Of(ModelProblem.PullFailed, settings.Endpoint.Host, error.Notice), inner: error);
        }

        var delay = error.RetryAfter ?? limits.RetryDelay * Math.Pow(2, Math.Max(0, fruitless - 1));
        await Task.Delay(delay < limits.RetryDelayMax ? delay : limits.RetryDelayMax, ct);
    }

    public void Dispose() => http.Dispose();

    private async Task<(T Value, Uri? Next)> GetAsync<T>(Uri uri, string repository, JsonTypeInfo<T> type, CancellationToken ct)
    {
        for (var fruitless = 1; ; fruitless++)
        {
            try
            {
                using var answer = await SendAsync(uri, from: 0, HttpCompletionOption.ResponseContentRead, ct);
                if (!answer.IsSuccessStatusCode)
                {
                    throw Failure(answer, repository);
                }

                await using var body = await answer.Content.ReadAsStreamAsync(ct);
                var value = await JsonSerializer.DeserializeAsync(body, type, ct) ?? throw new JsonException("null");
                return (value, NextPage(answer, uri));
            }
            catch (JsonException broken)
            {
                throw new ModelException(Notice.Of(ModelProblem.UnreadableList, repository), inner: broken);
            }
            catch (TransientHubException error)
            {
                await WaitAsync(error, fruitless, ct);
            }
        }
    }

    private async Task<HttpResponseMessage> SendAsync(Uri uri, long from, HttpCompletionOption completion, CancellationToken ct)
    {
        for (var hop = 0; hop <= limits.RedirectsMax; hop++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, uri);
            if (settings.Token is { } token && IsEndpoint(uri))
            {
                request.Headers.Authorization = new("Bearer", token);
            }

            if (from > 0)
            {
                request.Headers.Range = new(from, null);
            }

            var answer = await SendOnceAsync(request, completion, ct);
            if (answer.StatusCode is not (HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect))
            {
                return answer;
            }

            using (answer)
            {
                uri = Target(uri, answer.Headers.Location);
            }
        }

        throw new ModelException(Notice.Of(ModelProblem.TooManyRedirects, settings.Endpoint.Host, limits.RedirectsMax));
    }

    private async Task<HttpResponseMessage> SendOnceAsync(HttpRequestMessage request, HttpCompletionOption completion, CancellationToken ct)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(limits.StallTimeout);
        try
        {
            return await http.SendAsync(request, completion, patience.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new TransientHubException(Notice.Of(ModelProblem.Silent, request.RequestUri!.Host, limits.StallTimeout.TotalSeconds));
        }
        catch (OutgoingRefusedException refused)
        {
            throw new ModelException(Notice.Of(ModelProblem.OutgoingRefused, settings.Endpoint.Host, refused.Notice), inner: refused);
        }
        catch (HttpRequestException tooLong) when (tooLong.HttpRequestError == HttpRequestError.ConfigurationLimitExceeded)
        {
            throw new ModelException(Notice.Of(ModelProblem.ListTooLarge, request.RequestUri!.Host), inner: tooLong);
        }
        catch (HttpRequestException broken)
        {
            throw new TransientHubException(Notice.Of(ModelProblem.LineBroken, broken.Message), inner: broken);
        }
    }

    /// <summary>Converts an unsuccessful response to an exception, and disposes it.</summary>
    private Exception Failure(HttpResponseMessage answer, string repository)
    {
        using (answer)
        {
            return answer.StatusCode is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests || (int)answer.StatusCode >= 500
                ? new TransientHubException(Notice.Of(ModelProblem.Status, (int)answer.StatusCode), answer.StatusCode, After(answer.Headers.RetryAfter))
                : HubRefusal.Of(answer, settings, repository);
        }
    }

    private HubFile Checked(HubTreeEntry entry, string repository)
    {
        var hash = entry.Lfs?.Oid ?? entry.Oid ?? "";
        return !HubPath.IsSafe(entry.Path) ? throw new ModelException(Notice.Of(ModelProblem.UnsafePath, repository, new string([.. entry.Path.Where(c => !char.IsControl(c)).Take(100)])))
            : !ContentHash.IsOne(hash) ? throw new ModelException(Notice.Of(ModelProblem.NoHash, repository, entry.Path))
            : entry.Size < 0 || entry.Size > limits.FileBytesMax || (entry.Lfs is { } lfs && lfs.Size != entry.Size) ? throw new ModelException(Notice.Of(ModelProblem.BadSize, repository, entry.Path, entry.Size))
            : new(entry.Path, entry.Size, hash);
    }

    private static Uri? NextPage(HttpResponseMessage answer, Uri page)
    {
        const string mark = "rel=\"next\"";
        var link = answer.Headers.TryGetValues("Link", out var links) ? links.SelectMany(l => l.Split(',')).FirstOrDefault(l => l.Contains(mark, StringComparison.OrdinalIgnoreCase)) : null;
        var (start, end) = (link?.IndexOf('<', StringComparison.Ordinal) ?? -1, link?.IndexOf('>', StringComparison.Ordinal) ?? -1);
        return start < 0 || end < start ? null : Target(page, Uri.TryCreate(link![(start + 1)..end], UriKind.RelativeOrAbsolute, out var next) ? next : null);
    }

    /// <summary>Returns a redirect's target if it is allowed.</summary>
    internal static Uri Target(Uri from, Uri? location)
    {
        var to = location is not null && Uri.TryCreate(from, location, out var absolute) ? absolute : null;
        return to is { Scheme: "https" } || (to is { Scheme: "http" } && from.Scheme == "http")
            ? to
            : throw new ModelException(to is null ? Notice.Of(ModelProblem.RedirectToNowhere, from.Host) : Notice.Of(ModelProblem.BadRedirect, from.Host, to.GetLeftPart(UriPartial.Path)));
    }

    private bool IsEndpoint(Uri uri) => Uri.Compare(uri, settings.Endpoint, UriComponents.SchemeAndServer, UriFormat.SafeUnescaped, StringComparison.OrdinalIgnoreCase) == 0;

    private static TimeSpan? After(RetryConditionHeaderValue? header) =>
        header?.Delta ?? (header?.Date is { } date && date > DateTimeOffset.UtcNow ? date - DateTimeOffset.UtcNow : null);
}

/// <summary>A fault that may be temporary, such as a broken connection or a busy server.</summary>
internal sealed class TransientHubException(Notice notice, HttpStatusCode? statusCode = null, TimeSpan? retryAfter = null, Exception? inner = null) : Exception(notice.ToString(), inner)
{
    public Notice Notice => notice;

    public HttpStatusCode? StatusCode => statusCode;

    public TimeSpan? RetryAfter => retryAfter;
}
