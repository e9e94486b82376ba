using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Pybo.Data;
using Pybo.Rag.Models;

namespace Pybo.Tests.Rag.Models;

/// <summary>A hub with one small embedding model, and a machine without any model.</summary>
public sealed class ModelBench : IAsyncDisposable
{
    public const string Name = "some-model";
    public const string Weights = "onnx/model.onnx";

    /// <summary>Not a multiple of any buffer size.</summary>
    public const int WeightBytes = 1_234_567;

    private readonly List<IDisposable> owned = [];

    private ModelBench(TestHub hub)
    {
        Hub = hub;
        Catalogue = new([Model]);
        Settings = new(hub.Address, null, Path.Combine(Folder, "cache"), IsOffline: false);
    }

    public TestHub Hub { get; }

    public string Folder { get; } = Directory.CreateTempSubdirectory("pybo-models-").FullName;

    public ModelCatalogue Catalogue { get; set; }

    public HubSettings Settings { get; set; }

    /// <summary>The real limits, but without waiting.</summary>
    public HubLimits Limits { get; set; } = new() { RetryDelay = TimeSpan.Zero, RetryDelayMax = TimeSpan.Zero };

    public PyboOptions Options { get; set; } = new();

    /// <summary>Hosts of an internal network that may be asked in addition to the hub: <c>host:port</c>, separated by commas.</summary>
    public string InternalHosts { get; set; } = "";

    public long? FreeBytes { get; set; }

    /// <summary>The folder of the model's files.</summary>
    public string Home => Installed.HomeOf(Name);

    /// <summary>The file that collects the downloaded weights.</summary>
    public string Part => ModelFiles.Part(Home, new(Weights, Hub.Files[Weights].Length, Hub.HashOf(Weights)));

    public static CatalogueModel Model { get; } = new(
        Name, ModelKind.Embedding, new Dictionary<string, string> { ["ko"] = "시험", ["en"] = "A test" }, TestHub.Repository, "main", ["config.json", "tokenizer.json", Weights], ["onnx/model.onnx_data*"], null, null, "MIT", null);

    public InstalledModels Installed => new(Catalogue, Microsoft.Extensions.Options.Options.Create(SettingsOf()), Environment());

    public ModelStore Store => new(Catalogue, Installed, Microsoft.Extensions.Options.Options.Create(SettingsOf()));

    public static async Task<ModelBench> StartAsync()
    {
        var hub = await TestHub.StartAsync();
        hub.Files["config.json"] = """{"hidden_size":4,"architectures":["BertModel"]}"""u8.ToArray();
        hub.Files["tokenizer.json"] = "{}"u8.ToArray();
        hub.Files["README.md"] = "not a part of the model"u8.ToArray();
        hub.Files[Weights] = Bytes(WeightBytes);
        hub.Large.Add(Weights);
        return new(hub);
    }

    /// <summary>Random-looking bytes, the same every time.</summary>
    public static byte[] Bytes(int count, int seed = 7)
    {
        var bytes = new byte[count];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    public ModelPuller Puller()
    {
        var options = Microsoft.Extensions.Options.Options.Create(SettingsOf());
        var client = new HubClient(Settings, Limits, new(new(options), options));
        owned.Add(client);
        return FreeBytes is { } free
            ? new(Installed, client, Settings, Limits, NullLogger<ModelPuller>.Instance) { FreeBytes = _ => free }
            : new(Installed, client, Settings, Limits, NullLogger<ModelPuller>.Instance);
    }

    public Task<InstalledModel> PullAsync(IProgress<PullProgress>? progress = null, CancellationToken ct = default) => Puller().PullAsync(Catalogue.All[0], progress, ct);

    /// <summary>Sends the weights up to a byte, and returns when they have arrived.</summary>
    public async Task SendWeightsAsync(HttpContext context, int end)
    {
        var (from, content) = (TestHub.From(context) ?? 0, Hub.Files[Weights]);
        if (from > 0)
        {
            context.Response.StatusCode = StatusCodes.Status206PartialContent;
            context.Response.Headers.ContentRange = $"bytes {from}-{content.Length - 1}/{content.Length}";
        }

        context.Response.ContentLength = content.Length - from;
        await context.Response.Body.WriteAsync(content.AsMemory(from, end - from));
        await context.Response.Body.FlushAsync();
        while (!File.Exists(Part) || new FileInfo(Part).Length < end)
        {
            await Task.Delay(5, context.RequestAborted);
        }
    }

    public Task<ModelException> RefusedAsync() => Assert.ThrowsAnyAsync<ModelException>(() => PullAsync());

    /// <summary>Every wanted file is there, byte for byte, and no other file except the record.</summary>
    public void AssertWhole()
    {
        var here = Directory.GetFiles(Home, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(Home, file).Replace('\\', '/')).Order().ToList();
        var wanted = Hub.Files.Keys.Where(Catalogue.All[0].Wants).ToList();
        Assert.Equal([.. wanted.Append("pybo-model.json").Order()], here);
        Assert.All(wanted, path => Assert.Equal(Hub.Files[path], File.ReadAllBytes(Path.Combine(Home, path))));
        Assert.True(Installed.Find(Name) is { IsComplete: true });
    }

    public async ValueTask DisposeAsync()
    {
        owned.ForEach(one => one.Dispose());
        await Hub.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    private PyboOptions SettingsOf() => new()
    {
        Database = Path.Combine(Folder, "pybo.db"),
        Models = Options.Models,
        EmbeddingModel = Options.EmbeddingModel,
        GenerationModel = Options.GenerationModel,
        Outgoing = "models",
        InternalHosts = InternalHosts,
    };

    /// <summary>A content root of its own, which hides the models next to the sources.</summary>
    private TestEnvironment Environment() => new(Path.Combine(Folder, "content"));
}
