using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Pybo.Tests.Rag.Models;

/// <summary>A request to a hub.</summary>
public sealed record HubRequest(string Path, string? Range, string? Authorization);

/// <summary>A Hugging Face Hub on this machine, for one repository. It behaves well until a test says otherwise.</summary>
public sealed partial class TestHub : IAsyncDisposable
{
    public const string Repository = "someone/some-model";
    public const string Commit = "0123456789abcdef0123456789abcdef01234567";

    private readonly WebApplication app;
    private readonly Lock gate = new();
    private int open;

    private TestHub(WebApplication app) => this.app = app;

    public Uri Address { get; private set; } = null!;

    /// <summary>The one repository it has.</summary>
    public string Name { get; set; } = Repository;

    /// <summary>The repository's files by path. Those of <see cref="Large"/> are stored as LFS does, the others as git does.</summary>
    public Dictionary<string, byte[]> Files { get; } = [];

    public HashSet<string> Large { get; } = [];

    public ConcurrentQueue<HubRequest> Requests { get; } = [];

    /// <summary>The maximum number of files that were being sent at the same time.</summary>
    public int OpenMax { get; private set; }

    /// <summary>Answers in the hub's place; false leaves the request to the hub.</summary>
    public Func<HttpContext, Task<bool>> Instead { get; set; } = _ => Task.FromResult(false);

    /// <summary>The file listing that the test wants; null for the true one.</summary>
    public Func<string?>? Tree { get; set; }

    public IEnumerable<HubRequest> Downloads => Requests.Where(request => request.Path.Contains("/resolve/", StringComparison.Ordinal));

    public static async Task<TestHub> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var hub = new TestHub(builder.Build());
        hub.app.Run(hub.AnswerAsync);
        await hub.app.StartAsync();
        hub.Address = new(hub.app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        return hub;
    }

    /// <summary>Git's id of a blob.</summary>
    public static string Blob(byte[] content) =>
        Convert.ToHexStringLower(CryptographicOperations.HashData(HashAlgorithmName.SHA1, [.. Encoding.ASCII.GetBytes($"blob {content.Length}\0"), .. content]));

    public static string Sha256(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));

    public string HashOf(string path) => Large.Contains(path) ? Sha256(Files[path]) : Blob(Files[path]);

    public object Entry(string path, long? size = null, string? name = null)
    {
        var bytes = size ?? Files[path].Length;
        return Large.Contains(path)
            ? new { type = "file", path = name ?? path, size = bytes, oid = Blob([1]), lfs = new { oid = Sha256(Files[path]), size = bytes, pointerSize = 135 } }
            : new { type = "file", path = name ?? path, size = bytes, oid = Blob(Files[path]) };
    }

    /// <summary>Sends a file as the Hub does, from the requested byte.</summary>
    public static async Task SendAsync(HttpContext context, byte[] content)
    {
        var from = From(context) ?? 0;
        if (from >= content.Length && from > 0)
        {
            context.Response.StatusCode = StatusCodes.Status416RangeNotSatisfiable;
            return;
        }

        if (from > 0)
        {
            context.Response.StatusCode = StatusCodes.Status206PartialContent;
            context.Response.Headers.ContentRange = $"bytes {from}-{content.Length - 1}/{content.Length}";
        }

        context.Response.ContentLength = content.Length - from;
        await context.Response.Body.WriteAsync(content.AsMemory(from));
    }

    /// <summary>The first requested byte; null for the whole file.</summary>
    public static int? From(HttpContext context) =>
        FirstByte().Match(context.Request.Headers.Range.ToString()) is { Success: true } match ? int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) : null;

    public static bool IsFile(HttpContext context, string path) => context.Request.Path.Value!.EndsWith("/resolve/" + Commit + "/" + path, StringComparison.Ordinal);

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync(new CancellationToken(canceled: true));
        await app.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        Requests.Enqueue(new(path + context.Request.QueryString, context.Request.Headers.Range.FirstOrDefault(), context.Request.Headers.Authorization.FirstOrDefault()));
        if (!path.Contains("/resolve/", StringComparison.Ordinal))
        {
            if (!await Instead(context))
            {
                await DescribeAsync(context, path);
            }

            return;
        }

        lock (gate)
        {
            OpenMax = Math.Max(OpenMax, ++open);
        }

        bool isAnswered;
        try
        {
            isAnswered = await Instead(context);
        }
        finally
        {
            // Before the last byte: a client with a complete file may ask for the next at once.
            lock (gate)
            {
                open--;
            }
        }

        if (!isAnswered)
        {
            await (Files.FirstOrDefault(file => IsFile(context, file.Key)).Value is { } content ? SendAsync(context, content) : RefuseAsync(context, StatusCodes.Status404NotFound, "EntryNotFound"));
        }
    }

    private async Task DescribeAsync(HttpContext context, string path)
    {
        if (path.StartsWith($"/api/models/{Name}/revision/", StringComparison.Ordinal))
        {
            await context.Response.WriteAsync(JsonSerializer.Serialize(new { sha = Commit }));
        }
        else if (path == $"/api/models/{Name}/tree/{Commit}")
        {
            object[] entries = [new { type = "directory", path = "onnx", size = 0, oid = Blob([2]) }, .. Files.Keys.Select(file => Entry(file))];
            await context.Response.WriteAsync(Tree?.Invoke() ?? JsonSerializer.Serialize(entries));
        }
        else
        {
            await RefuseAsync(context, StatusCodes.Status404NotFound, "RepoNotFound");
        }
    }

    public static Task RefuseAsync(HttpContext context, int status, string? code)
    {
        context.Response.StatusCode = status;
        if (code is not null)
        {
            context.Response.Headers["X-Error-Code"] = code;
        }

        return Task.CompletedTask;
    }

    [GeneratedRegex(@"^bytes=(\d+)-$")]
    private static partial Regex FirstByte();
}
