using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Pybo.Rag.Models;

namespace Pybo.Tests.Rag.Models;

/// <summary>Servers that refuse, fail, lie and attack.</summary>
public sealed class HubMistrustTests
{
    [Theory]
    [InlineData(401, "GatedRepo", null, "HF_TOKEN으로 준 뒤")]
    [InlineData(403, "GatedRepo", "hf_x", "동의했는지")]
    [InlineData(403, null, null, "동의하고")]
    [InlineData(401, "RepoNotFound", null, "없거나, 공개되지")]
    [InlineData(401, null, null, "없거나, 공개되지")]
    [InlineData(401, null, "hf_x", "토큰을 받아들이지 않습니다")]
    [InlineData(404, "RepoNotFound", null, "없거나, 공개되지")]
    [InlineData(404, null, null, "없거나, 공개되지")]
    [InlineData(404, "RevisionNotFound", null, "판(revision)이 없습니다")]
    [InlineData(400, null, null, "HTTP 400")]
    public async Task A_refusal_says_what_to_do_and_links_to_the_model(int status, string? code, string? token, string said)
    {
        await using var bench = await ModelBench.StartAsync();
        bench.Settings = bench.Settings with { Token = token };
        bench.Hub.Instead = context => TestHub.RefuseAsync(context, status, code).ContinueWith(_ => true, TaskScheduler.Default);

        var refused = await bench.RefusedAsync();

        Assert.Contains(said, refused.Said(), StringComparison.Ordinal);
        Assert.Equal(new Uri(bench.Hub.Address, TestHub.Repository), refused.Link);
        Assert.Single(bench.Hub.Requests);
    }

    [Theory]
    [InlineData(408)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task A_busy_server_is_asked_again(int status)
    {
        await using var bench = await ModelBench.StartAsync();
        var seen = new HashSet<string>();
        bench.Hub.Instead = context =>
        {
            var isFirst = seen.Add(context.Request.Path.Value!);
            context.Response.Headers.RetryAfter = "0";
            return isFirst ? TestHub.RefuseAsync(context, status, null).ContinueWith(_ => true, TaskScheduler.Default) : Task.FromResult(false);
        };
        bench.Limits = bench.Limits with { ParallelFiles = 1 };

        await bench.PullAsync();

        bench.AssertWhole();
        Assert.Equal(10, bench.Hub.Requests.Count); // revision, tree and three files, twice each
    }

    [Theory]
    [InlineData(429, "요청이 너무 많다고")]
    [InlineData(503, "HTTP 503")]
    public async Task A_server_that_stays_busy_is_given_up_with_a_message(int status, string said)
    {
        await using var bench = await ModelBench.StartAsync();
        bench.Hub.Instead = context => TestHub.RefuseAsync(context, status, null).ContinueWith(_ => true, TaskScheduler.Default);

        var refused = await bench.RefusedAsync();

        Assert.Contains(said, refused.Said(), StringComparison.Ordinal);
        Assert.Equal(bench.Limits.AttemptsMax, bench.Hub.Requests.Count);
    }

    [Fact]
    public async Task A_missing_server_is_reported()
    {
        await using var bench = await ModelBench.StartAsync();
        bench.Settings = bench.Settings with { Endpoint = new("http://127.0.0.1:1") };

        Assert.Contains("네트워크와 HF_ENDPOINT", (await bench.RefusedAsync()).Said(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_deleted_commit_is_replaced_by_the_newest()
    {
        await using var bench = await ModelBench.StartAsync();
        bench.Catalogue = new([ModelBench.Model with { Revision = "feedbeef" }]);
        bench.Hub.Instead = context => context.Request.Path.Value!.EndsWith("/revision/feedbeef", StringComparison.Ordinal)
            ? TestHub.RefuseAsync(context, 404, "RevisionNotFound").ContinueWith(_ => true, TaskScheduler.Default)
            : Task.FromResult(false);

        await bench.PullAsync();

        bench.AssertWhole();
    }

    [Fact]
    public async Task A_missing_file_is_reported()
    {
        await using var bench = await ModelBench.StartAsync();
        bench.Hub.Instead = context => TestHub.IsFile(context, "tokenizer.json")
            ? TestHub.RefuseAsync(context, 404, "EntryNotFound").ContinueWith(_ => true, TaskScheduler.Default)
            : Task.FromResult(false);

        Assert.Contains("목록에 있던 파일이 없습니다", (await bench.RefusedAsync()).Said(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_repository_without_a_needed_file_is_refused_and_the_file_named()
    {
        await using var bench = await ModelBench.StartAsync();
        bench.Hub.Files.Remove("tokenizer.json");

        Assert.Contains("tokenizer.json", (await bench.RefusedAsync()).Said(), StringComparison.Ordinal);
        Assert.Empty(bench.Hub.Downloads);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public async Task A_file_of_another_size_than_listed_is_not_downloaded(int more)
    {
        await using var bench = await ModelBench.StartAsync();
        bench.Hub.Tree = () => JsonSerializer.Serialize(bench.Hub.Files.Keys.Select(path => bench.Hub.Entry(path, path == ModelBench.Weights ? ModelBench.WeightBytes + more : null)));

        var refused = await bench.RefusedAsync();

        Assert.Contains("크기가 목록과 다릅니다", refused.Said(), StringComparison.Ordinal);
        Assert.False(File.Exists(bench.Part));
    }

    [Fact]
    public async Task An_endless_stream_is_cut_off()
    {
        await using var bench = await ModelBench.StartAsync();
        var sent = 0L;
        bench.Hub.Instead = async context =>
        {
            if (!TestHub.IsFile(context, ModelBench.Weights))
            {
                return false;
            }

            // Without a length; it continues until the client disconnects.
            while (!context.RequestAborted.IsCancellationRequested)
            {
                await context.Response.Body.WriteAsync(new byte[100_000], CancellationToken.None);
                sent += 100_000;
            }

            return true;
        };

        var refused = await bench.RefusedAsync();

        Assert.Contains("바이트보다 깁니다", refused.Said(), StringComparison.Ordinal);
        Assert.DoesNotContain(Directory.GetFiles(bench.Home, "*", SearchOption.AllDirectories), file => file.StartsWith(Path.Combine(bench.Home, "onnx"), StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_rest_of_a_stream_that_ends_early_is_requested()
    {
        await using var bench = await ModelBench.StartAsync();
        bench.Hub.Instead = async context =>
        {
            if (!TestHub.IsFile(context, ModelBench.Weights) || TestHub.From(context) is not null)
            {
                return false;
            }

            // Without a length, any end is a valid end.
            await context.Response.Body.WriteAsync(bench.Hub.Files[ModelBench.Weights].AsMemory(0, 123_456));
            return true;
        };

        await bench.PullAsync();

        bench.AssertWhole();
        Assert.Contains(bench.Hub.Downloads, download => download.Range == "bytes=123456-");
    }

    [Theory]
    [InlineData(ModelBench.Weights)] // SHA-256
    [InlineData("tokenizer.json")] // git's SHA-1
    public async Task Wrong_bytes_are_thrown_away(string path)
    {
        await using var bench = await ModelBench.StartAsync();
        bench.Hub.Instead = async context =>
        {
            if (!TestHub.IsFile(context, path))
            {
                return false;
            }

            var wrong = bench.Hub.Files[path].ToArray();
            wrong[^1] ^= 1;
            await TestHub.SendAsync(context, wrong);
            return true;
        };
        bench.Limits = bench.Limits with { ParallelFiles = 1 };

        var refused = await bench.RefusedAsync();

        Assert.Contains($"{path}의 내용이", refused.Said(), StringComparison.Ordinal);
        Assert.Single(bench.Hub.Downloads, download => download.Path.EndsWith("/" + path, StringComparison.Ordinal));
        Assert.False(bench.Installed.Find(ModelBench.Name)?.IsComplete ?? false);
        Assert.DoesNotContain(Directory.GetFiles(bench.Home, "*", SearchOption.AllDirectories), file => Path.GetFileName(file).StartsWith(Path.GetFileName(path), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("onnx/model.onnx_data/../../../../outside")]
    [InlineData("/onnx/model.onnx_data")]
    [InlineData("onnx/model.onnx_data\\..\\..\\outside")]
    [InlineData("onnx/model.onnx_data/C:/outside")]
    [InlineData("onnx/model.onnx_data\u0000")]
    [InlineData("onnx/model.onnx_data//a")]
    [InlineData("onnx/model.onnx_data/.")]
    [InlineData("onnx/model.onnx_data.part")]
    [InlineData("onnx/model.onnx_data:stream")]
    public async Task A_path_that_leads_elsewhere_is_refused(string path)
    {
        await using var bench = await ModelBench.StartAsync();
        bench.Catalogue = new([ModelBench.Model with { OptionalFiles = ["*onnx/model.onnx_data*"] }]);
        bench.Hub.Tree = () => JsonSerializer.Serialize(bench.Hub.Files.Keys.Select(file => bench.Hub.Entry(file)).Append(bench.Hub.Entry(ModelBench.Weights, name: path)));

        Assert.Contains("쓸 수 없는 경로", (await bench.RefusedAsync()).Said(), StringComparison.Ordinal);

        Assert.Empty(bench.Hub.Downloads);
        Assert.False(Path.Exists(Path.Combine(bench.Folder, "outside")));
    }

    [Theory]
    [InlineData("""[{"type":"file","path":"config.json","size":5,"oid":"abc"}]""", "해시를 알려 주지 않습니다")]
    [InlineData("""[{"type":"file","path":"config.json","size":5}]""", "해시를 알려 주지 않습니다")]
    [InlineData("""[{"type":"file","path":"config.json","size":-5,"oid":"0123456789012345678901234567890123456789"}]""", "크기를 믿을 수 없습니다")]
    [InlineData("""[{"type":"file","path":"config.json","size":999999999999999,"oid":"0123456789012345678901234567890123456789"}]""", "크기를 믿을 수 없습니다")]
    [InlineData("""[{"type":"file","path":"config.json","size":5,"oid":"x","lfs":{"oid":"0123456789012345678901234567890123456789012345678901234567890123","size":6}}]""", "크기를 믿을 수 없습니다")]
    [InlineData("""[{"type":"file","path":"config.json","size":5,"oid":"0123456789012345678901234567890123456789"},{"type":"file","path":"config.json","size":5,"oid":"0123456789012345678901234567890123456789"}]""", "두 번")]
    [InlineData("""[{"type":"file"}]""", "읽을 수 없는 목록")]
    [InlineData("<html>", "읽을 수 없는 목록")]
    [InlineData("null", "읽을 수 없는 목록")]
    public async Task An_implausible_listing_is_refused(string tree, string said)
    {
        await using var bench = await ModelBench.StartAsync();
        bench.Hub.Tree = () => tree;

        Assert.Contains(said, (await bench.RefusedAsync()).Said(), StringComparison.Ordinal);

        Assert.Empty(bench.Hub.Downloads);
    }

    [Fact]
    public async Task A_paged_listing_is_read_to_its_end()
    {
        await using var bench = await ModelBench.StartAsync();
        var paths = bench.Hub.Files.Keys.ToList();
        bench.Hub.Instead = async context =>
        {
            if (!context.Request.Path.Value!.Contains("/tree/", StringComparison.Ordinal))
            {
                return false;
            }

            var page = int.Parse(context.Request.Query["cursor"].FirstOrDefault() ?? "0", null);
            if (page + 1 < paths.Count)
            {
                context.Response.Headers.Link = $"""<{bench.Hub.Address}{context.Request.Path.Value.TrimStart('/')}?recursive=true&cursor={page + 1}>; rel="next" """;
            }

            await context.Response.WriteAsync(JsonSerializer.Serialize(new[] { bench.Hub.Entry(paths[page]) }));
            return true;
        };

        await bench.PullAsync();

        bench.AssertWhole();
    }

    [Fact]
    public async Task An_endless_listing_is_refused()
    {
        await using var bench = await ModelBench.StartAsync();
        bench.Hub.Instead = async context =>
        {
            var isTree = context.Request.Path.Value!.Contains("/tree/", StringComparison.Ordinal);
            if (isTree)
            {
                context.Response.Headers.Link = $"""<{context.Request.Path}?again=1>; rel="next" """;
                await context.Response.WriteAsync("[]");
            }

            return isTree;
        };

        Assert.Contains($"{bench.Limits.ListingPagesMax}쪽을 넘습니다", (await bench.RefusedAsync()).Said(), StringComparison.Ordinal);
        Assert.Equal(bench.Limits.ListingPagesMax + 1, bench.Hub.Requests.Count);
    }

    [Fact]
    public async Task A_listing_too_large_for_any_model_is_refused()
    {
        await using var bench = await ModelBench.StartAsync();
        bench.Limits = bench.Limits with { ListingPageBytesMax = 10_000 };
        bench.Hub.Tree = () => $"[{new string(' ', 20_000)}]";
        Assert.Contains("너무 큽니다", (await bench.RefusedAsync()).Said(), StringComparison.Ordinal);

        bench.Limits = new() { FilesMax = 2 };
        bench.Hub.Tree = null;
        Assert.Contains("2개를 넘습니다", (await bench.RefusedAsync()).Said(), StringComparison.Ordinal);
    }
}
