using System.Globalization;
using Microsoft.AspNetCore.Http;
using Pybo.Rag.Models;

namespace Pybo.Tests.Rag.Models;

/// <summary>Downloads that begin, end, break off and resume.</summary>
public sealed class ModelPullTests
{
    private static readonly int[] Breaks = [300_000, 600_000, 900_000];

    [Fact]
    public async Task A_model_is_downloaded_with_its_record()
    {
        await using var bench = await ModelBench.StartAsync();
        var seen = new List<PullProgress>();

        var model = await bench.PullAsync(new Seen(seen));

        bench.AssertWhole();
        Assert.Equal((ModelBench.Name, ModelKind.Embedding, TestHub.Commit, bench.Home), (model.Name, model.Kind, model.Commit, model.Folder));
        Assert.Equal(3, bench.Hub.Downloads.Count());
        var end = seen[^1];
        Assert.Equal((end.TotalBytes, 3, 3), (end.DoneBytes, end.DoneFiles, end.TotalFiles));
        Assert.Equal(bench.Hub.Files.Where(file => ModelBench.Model.Wants(file.Key)).Sum(file => file.Value.Length), end.TotalBytes);
    }

    [Fact]
    public async Task Only_missing_or_wrong_files_are_downloaded_again()
    {
        await using var bench = await ModelBench.StartAsync();
        await bench.PullAsync();
        await File.WriteAllTextAsync(Path.Combine(bench.Home, "tokenizer.json"), "[]");
        bench.Hub.Requests.Clear();

        await bench.PullAsync();

        bench.AssertWhole();
        Assert.EndsWith("/tokenizer.json", Assert.Single(bench.Hub.Downloads).Path, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_newer_version_replaces_the_old_one_file_by_file()
    {
        await using var bench = await ModelBench.StartAsync();
        bench.Hub.Files["onnx/model.onnx_data_1"] = [1, 2, 3];
        await bench.PullAsync();
        bench.AssertWhole();
        bench.Hub.Files.Remove("onnx/model.onnx_data_1");
        bench.Hub.Files["config.json"] = """{"hidden_size":8}"""u8.ToArray();

        await bench.PullAsync();

        bench.AssertWhole();
    }

    [Fact]
    public async Task A_failed_update_leaves_the_old_model_intact()
    {
        await using var bench = await ModelBench.StartAsync();
        await bench.PullAsync();
        var old = bench.Hub.Files[ModelBench.Weights];
        bench.Hub.Files[ModelBench.Weights] = ModelBench.Bytes(ModelBench.WeightBytes, seed: 8);
        bench.Hub.Instead = async context => TestHub.IsFile(context, ModelBench.Weights) && await BreakAsync(bench, context, 400_000);
        bench.Limits = bench.Limits with { AttemptsPerFileMax = 1 };

        await bench.RefusedAsync();

        Assert.True(bench.Installed.Find(ModelBench.Name)!.IsComplete);
        Assert.Equal(old, await File.ReadAllBytesAsync(Path.Combine(bench.Home, ModelBench.Weights)));
        Assert.Empty(await bench.Store.VerifyAsync(ModelBench.Name, null, default));
    }

    [Fact]
    public async Task A_broken_connection_resumes_where_it_broke()
    {
        await using var bench = await ModelBench.StartAsync();
        // More often than attempts in a row may fail: each of these makes progress.
        bench.Limits = bench.Limits with { AttemptsMax = 2 };
        var breaks = new Queue<int>(Breaks);
        bench.Hub.Instead = async context => TestHub.IsFile(context, ModelBench.Weights) && breaks.TryDequeue(out var end) && await BreakAsync(bench, context, end);

        await bench.PullAsync();

        bench.AssertWhole();
        Assert.Equal([null, .. Breaks.Select(at => $"bytes={at}-")], WeightRanges(bench));
    }

    [Fact]
    public async Task A_connection_without_progress_is_given_up_with_a_message()
    {
        await using var bench = await ModelBench.StartAsync();
        bench.Hub.Instead = context =>
        {
            var isWeights = TestHub.IsFile(context, ModelBench.Weights);
            if (isWeights)
            {
                context.Abort();
            }

            return Task.FromResult(isWeights);
        };

        var refused = await bench.RefusedAsync();

        Assert.Contains("다시 실행하면 이어받습니다", refused.Said(), StringComparison.Ordinal);
        Assert.Equal(bench.Limits.AttemptsMax, WeightRanges(bench).Count);
        Assert.False(bench.Installed.Find(ModelBench.Name)!.IsComplete);
    }

    [Fact]
    public async Task A_silent_connection_counts_as_broken()
    {
        await using var bench = await ModelBench.StartAsync();
        bench.Limits = bench.Limits with { StallTimeout = TimeSpan.FromSeconds(5) };
        bench.Hub.Instead = async context =>
        {
            if (!TestHub.IsFile(context, ModelBench.Weights) || TestHub.From(context) is not null)
            {
                return false;
            }

            await bench.SendWeightsAsync(context, 1000);
            await ForEverAsync(context);
            return true;
        };

        await bench.PullAsync();

        bench.AssertWhole();

        // A busy machine may also fall silent, and is then asked once more.
        Assert.Equal([null, "bytes=1000-"], WeightRanges(bench).Distinct().ToList());
    }

    [Fact]
    public async Task A_stopped_download_leaves_its_piece_and_the_next_one_resumes()
    {
        await using var bench = await ModelBench.StartAsync();
        using var stop = new CancellationTokenSource();
        bench.Hub.Instead = async context =>
        {
            if (!TestHub.IsFile(context, ModelBench.Weights))
            {
                return false;
            }

            await bench.SendWeightsAsync(context, 500_001);
            await stop.CancelAsync();
            await ForEverAsync(context);
            return true;
        };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => bench.PullAsync(ct: stop.Token));
        Assert.Equal(500_001, new FileInfo(bench.Part).Length);
        Assert.False(bench.Installed.Find(ModelBench.Name)!.IsComplete);

        bench.Hub.Instead = _ => Task.FromResult(false);
        bench.Hub.Requests.Clear();
        await bench.PullAsync();

        bench.AssertWhole();
        Assert.Equal(["bytes=500001-"], WeightRanges(bench));
    }

    [Fact]
    public async Task A_server_that_sends_the_whole_file_instead_of_the_rest_restarts_the_download()
    {
        await using var bench = await ModelBench.StartAsync();
        Piece(bench, bench.Hub.Files[ModelBench.Weights][..700_000]);
        bench.Hub.Instead = async context =>
        {
            if (!TestHub.IsFile(context, ModelBench.Weights))
            {
                return false;
            }

            context.Request.Headers.Range = default;
            await TestHub.SendAsync(context, bench.Hub.Files[ModelBench.Weights]);
            return true;
        };

        await bench.PullAsync();

        bench.AssertWhole();
        Assert.Equal(["bytes=700000-"], WeightRanges(bench));
    }

    [Fact]
    public async Task A_server_that_refuses_to_resume_is_asked_for_the_whole_file()
    {
        await using var bench = await ModelBench.StartAsync();
        Piece(bench, bench.Hub.Files[ModelBench.Weights][..700_000]);
        bench.Hub.Instead = context => TestHub.IsFile(context, ModelBench.Weights) && TestHub.From(context) is not null
            ? TestHub.RefuseAsync(context, StatusCodes.Status416RangeNotSatisfiable, null).ContinueWith(_ => true, TaskScheduler.Default)
            : Task.FromResult(false);

        await bench.PullAsync();

        bench.AssertWhole();
        Assert.Equal(["bytes=700000-", null], WeightRanges(bench));
    }

    [Fact]
    public async Task A_server_that_resumes_at_the_wrong_place_is_asked_for_the_whole_file()
    {
        await using var bench = await ModelBench.StartAsync();
        Piece(bench, bench.Hub.Files[ModelBench.Weights][..700_000]);
        bench.Hub.Instead = async context =>
        {
            if (!TestHub.IsFile(context, ModelBench.Weights) || TestHub.From(context) is null)
            {
                return false;
            }

            context.Response.StatusCode = StatusCodes.Status206PartialContent;
            context.Response.Headers.ContentRange = string.Create(CultureInfo.InvariantCulture, $"bytes 0-{ModelBench.WeightBytes - 1}/{ModelBench.WeightBytes}");
            await context.Response.Body.WriteAsync(bench.Hub.Files[ModelBench.Weights]);
            return true;
        };

        await bench.PullAsync();

        bench.AssertWhole();
        Assert.Equal(["bytes=700000-", null], WeightRanges(bench));
    }

    [Theory]
    [InlineData(700_000)] // its rest is fetched, and the whole file is wrong
    [InlineData(ModelBench.WeightBytes)] // nothing is fetched until its hash proves wrong
    [InlineData(ModelBench.WeightBytes + 5)] // too long to be a piece of it
    public async Task A_damaged_piece_costs_one_more_download_and_no_more(int length)
    {
        await using var bench = await ModelBench.StartAsync();
        Piece(bench, ModelBench.Bytes(length, seed: 9));

        await bench.PullAsync();

        bench.AssertWhole();
        Assert.Null(WeightRanges(bench)[^1]);
        Assert.InRange(WeightRanges(bench).Count, 1, 2);
    }

    [Fact]
    public async Task At_most_the_allowed_number_of_files_download_at_once()
    {
        await using var bench = await ModelBench.StartAsync();
        for (var shard = 1; shard <= 16; shard++)
        {
            bench.Hub.Files[$"onnx/model.onnx_data_{shard}"] = ModelBench.Bytes(50_000, shard);
        }

        var together = new TaskCompletionSource();
        var asked = 0;
        bench.Hub.Instead = async context =>
        {
            if (context.Request.Path.Value!.Contains("/resolve/", StringComparison.Ordinal))
            {
                // No request is served before the maximum number of them has arrived.
                if (Interlocked.Increment(ref asked) == bench.Limits.ParallelFiles)
                {
                    together.SetResult();
                }

                await together.Task.WaitAsync(TimeSpan.FromMinutes(1));
            }

            return false;
        };

        await bench.PullAsync();

        bench.AssertWhole();
        Assert.Equal(bench.Limits.ParallelFiles, bench.Hub.OpenMax);
    }

    [Fact]
    public async Task The_same_model_is_not_pulled_twice_at_the_same_time()
    {
        await using var bench = await ModelBench.StartAsync();
        var asked = new TaskCompletionSource();
        var goOn = new TaskCompletionSource();
        bench.Hub.Instead = async context =>
        {
            if (TestHub.IsFile(context, ModelBench.Weights))
            {
                asked.TrySetResult();
                await goOn.Task;
            }

            return false;
        };
        var first = bench.PullAsync();
        await asked.Task;

        Assert.Contains("다른 작업", (await bench.RefusedAsync()).Said(), StringComparison.Ordinal);

        goOn.SetResult();
        await first;
        bench.AssertWhole();
    }

    [Fact]
    public async Task A_full_disk_is_detected_before_the_download()
    {
        await using var bench = await ModelBench.StartAsync();
        bench.FreeBytes = bench.Limits.SpaceReserveBytes + 1_000_000;

        var refused = await bench.RefusedAsync();

        Assert.Contains("1.23 MB를 더 받아야", refused.Said(), StringComparison.Ordinal);
        Assert.Contains("269 MB가 남아", refused.Said(), StringComparison.Ordinal);
        Assert.Empty(bench.Hub.Downloads);

        // A piece that is already here needs no more room.
        Piece(bench, bench.Hub.Files[ModelBench.Weights][..700_000]);
        await bench.PullAsync();
        bench.AssertWhole();
    }

    [Fact]
    public async Task Prompts_that_the_repository_does_not_name_come_from_the_catalogue()
    {
        await using var bench = await ModelBench.StartAsync();
        bench.Catalogue = new([ModelBench.Model with { Prompts = new Dictionary<string, string> { ["query"] = "질문: ", ["passage"] = "글: " } }]);

        await bench.PullAsync();
        await bench.PullAsync();

        var folder = bench.Installed.Embedder(ModelBench.Name)!;
        Assert.Equal(("질문: ", "글: "), (folder.Prompt("query"), folder.Prompt("passage")));
        Assert.Empty(await bench.Store.VerifyAsync(ModelBench.Name, null, default));
    }

    [Fact]
    public async Task A_download_that_is_not_a_model_is_not_kept()
    {
        await using var bench = await ModelBench.StartAsync();
        bench.Hub.Files["config.json"] = "{"u8.ToArray();

        Assert.Contains("임베딩 모델의 폴더가 아닙니다", (await bench.RefusedAsync()).Said(), StringComparison.Ordinal);

        Assert.False(bench.Installed.Find(ModelBench.Name)!.IsComplete);
    }

    private static List<string?> WeightRanges(ModelBench bench) =>
        [.. bench.Hub.Downloads.Where(download => download.Path.EndsWith(ModelBench.Weights, StringComparison.Ordinal)).Select(download => download.Range)];

    private static void Piece(ModelBench bench, byte[] bytes)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(bench.Part)!);
        File.WriteAllBytes(bench.Part, bytes);
    }

    private static async Task<bool> BreakAsync(ModelBench bench, HttpContext context, int end)
    {
        await bench.SendWeightsAsync(context, end);
        context.Abort();
        return true;
    }

    private static Task ForEverAsync(HttpContext context) => Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);

    private sealed class Seen(List<PullProgress> seen) : IProgress<PullProgress>
    {
        public void Report(PullProgress value) => seen.Add(value);
    }
}
