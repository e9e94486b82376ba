using Pybo.Pages.Admin;
using Pybo.Rag.Inference;
using Pybo.Rag.Models;
using Pybo.Tests.Rag.Inference;

namespace Pybo.Tests.Rag.Models;

public sealed class InstalledModelsTests
{
    private static readonly string[] Names =
    [
        "gemma-3n-E2B-it", "gemma-3-270m-it", "gemma-3-1b-it", "gemma-4-E2B-it", "Qwen3-0.6B", "Qwen3-1.7B", "Qwen3-4B", "EXAONE-3.5-2.4B-Instruct",
        "ko-sroberta-multitask", "multilingual-e5-small", "embeddinggemma-300m", "bge-m3",
    ];

    /// <summary>Many times what it takes to meet a file between its listing and its reading.</summary>
    private const int ListingsDuringJob = 2_000;

    private static readonly string[] Generators = ["gemma-3", "gemma-4", "Qwen3", "EXAONE"];

    [Fact]
    public void The_catalogue_that_ships_names_its_models()
    {
        var catalogue = ModelCatalogue.Load(AppContext.BaseDirectory);

        Assert.Equal(Names, catalogue.All.Select(model => model.Name));
        Assert.All(catalogue.All, model => Assert.Equal(Array.Exists(Generators, generator => model.Name.StartsWith(generator, StringComparison.Ordinal)) ? ModelKind.Generation : ModelKind.Embedding, model.Kind));
        Assert.All(catalogue.All, model => Assert.True(model.Wants("config.json") && model.Wants("tokenizer.json") && !model.Wants("README.md")));
        Assert.All(catalogue.All.Where(model => model.MemoryBytes is not null), model => Assert.True(model.MemoryBytes > model.DownloadBytes));
        Assert.Equal("gemma-3n-E2B-it", catalogue.Find("GEMMA-3N-e2b-it")!.Name);
        Assert.True(catalogue.Find("gemma-3n-E2B-it")!.Wants("onnx/embed_tokens_q4.onnx_data_1"));
        Assert.False(catalogue.Find("gemma-3n-E2B-it")!.Wants("onnx/embed_tokens_q4f16.onnx"));
    }

    [Fact]
    public void Restrictive_licences_and_untested_models_are_noted()
    {
        var catalogue = ModelCatalogue.Load(AppContext.BaseDirectory);

        Assert.Equal(["Qwen3-0.6B", "Qwen3-1.7B", "Qwen3-4B", "EXAONE-3.5-2.4B-Instruct"], catalogue.All.Where(model => model.IsUntried).Select(model => model.Name));
        Assert.Equal("EXAONE-3.5-2.4B-Instruct", Assert.Single(catalogue.All, model => model.IsNonCommercial).Name);
        Assert.Equal(["사용 조건이 상업적 이용을 금지합니다.", "이 프로그램으로 아직 돌려 보지 않은 모델입니다."], ModelWords.Notes(catalogue.Find("exaone-3.5-2.4b-instruct")!));
        Assert.Equal(["이 프로그램으로 아직 돌려 보지 않은 모델입니다."], ModelWords.Notes(catalogue.Find("Qwen3-4B")!));
        Assert.Empty(ModelWords.Notes(catalogue.Find("gemma-3-1b-it")!));
        Assert.All(catalogue.All, model => Assert.Equal(["en", "ko"], model.About.Keys.Order()));
    }

    [Fact]
    public void The_catalogue_fetches_the_files_that_the_readers_need()
    {
        var root = Directory.CreateTempSubdirectory("pybo-catalogue-");
        foreach (var model in ModelCatalogue.Load(AppContext.BaseDirectory).All)
        {
            var folder = Path.Combine(root.FullName, model.Name);
            foreach (var file in model.Files)
            {
                Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(folder, file))!);
                File.WriteAllText(Path.Combine(folder, file), file == "modules.json" ? "[]" : """{"eos_token_id":1}""");
            }

            ModelStore.Read(model.Kind, folder, model.Name);
        }

        root.Delete(recursive: true);
    }

    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(999, "999 B")]
    [InlineData(1_000, "1 kB")]
    [InlineData(29_098_154, "29.1 MB")]
    [InlineData(343_502_950, "344 MB")]
    [InlineData(3_276_581_290, "3.28 GB")]
    public void Sizes_are_shown_with_three_digits(long bytes, string said) => Assert.Equal(said, ByteCount.Text(bytes));

    [Theory]
    [InlineData("""{"models":[{"name":"a b","kind":"embedding","about":"","repository":"a/b","revision":"main","files":["x"],"optionalFiles":[],"downloadBytes":null,"memoryBytes":null,"licence":null,"licenceUrl":null}]}""")]
    [InlineData("""{"models":[{"name":"a","kind":"embedding","about":"","repository":"ab","revision":"main","files":["x"],"optionalFiles":[],"downloadBytes":null,"memoryBytes":null,"licence":null,"licenceUrl":null}]}""")]
    [InlineData("""{"models":[{"name":"a","kind":"other"}]}""")]
    [InlineData("""{"models":""")]
    public void A_broken_catalogue_is_reported(string json)
    {
        var root = Directory.CreateTempSubdirectory("pybo-catalogue-");
        Directory.CreateDirectory(Path.Combine(root.FullName, "models"));
        File.WriteAllText(Path.Combine(root.FullName, "models", "models.json"), json);
        Assert.Contains("models.json", Assert.Throws<ModelException>(() => ModelCatalogue.Load(root.FullName)).Said(), StringComparison.Ordinal);
        root.Delete(recursive: true);
    }

    [Fact]
    public async Task A_pulled_embedding_model_works_by_its_name()
    {
        await using var bench = await ModelBench.StartAsync();
        var source = EmbeddedModel.Folder.Path;
        bench.Hub.Files.Clear();
        foreach (var file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            bench.Hub.Files[Path.GetRelativePath(source, file).Replace('\\', '/')] = await File.ReadAllBytesAsync(file);
        }

        bench.Catalogue = new([ModelBench.Model with { Files = ["*.json", "onnx/model_quantized.onnx"] }]);
        await bench.PullAsync();

        using var pulled = OnnxEmbeddingGenerator.Load(bench.Installed.Embedder(ModelBench.Name)!);
        using var shipped = new EmbeddedModel();
        Assert.Equal((ModelBench.Name, shipped.Generator.Fingerprint), (pulled.ModelName, pulled.Fingerprint));
        Assert.Equal((await shipped.Generator.EmbedQueryAsync("도서관은 언제 여나요?")).ToArray(), (await pulled.EmbedQueryAsync("도서관은 언제 여나요?")).ToArray());
    }

    [Fact]
    public async Task Models_are_listed_while_a_job_replaces_and_removes_files()
    {
        await using var bench = await ModelBench.StartAsync();
        using var listed = new CancellationTokenSource();
        var home = bench.Home;
        var job = Task.Run(() =>
        {
            while (!listed.IsCancellationRequested)
            {
                var graph = ModelFiles.Full(home, ModelBench.Weights);
                Directory.CreateDirectory(Path.GetDirectoryName(graph)!);
                File.WriteAllText(graph + ModelFiles.PartEnding, "12");
                File.Move(graph + ModelFiles.PartEnding, graph);
                new ModelManifest(ModelBench.Name, ModelKind.Embedding, null, null, null, [new(ModelBench.Weights, 2, new string('0', 64))]).Write(home);
                Directory.Delete(home, recursive: true);
            }
        });
        for (var n = 0; n < ListingsDuringJob; n++)
        {
            Assert.Contains(bench.Installed.All, model => model.IsEmbedded);
        }

        await listed.CancelAsync();
        await job;
    }

    [Fact]
    public async Task The_shipped_model_is_there_and_stays()
    {
        await using var bench = await ModelBench.StartAsync();

        var shipped = bench.Installed.Find(ModelFolders.EmbeddedName)!;

        Assert.True(shipped is { IsEmbedded: true, IsComplete: true, Kind: ModelKind.Embedding });
        Assert.Equal(ModelFolders.EmbeddedName, bench.Installed.Embedder("models/embedded")!.Name);
        Assert.Equal(ModelFolders.EmbeddedName, bench.Installed.Embedder(ModelFolders.EmbeddedName)!.Name);
        Assert.Contains("지울 수 없습니다", Assert.Throws<ModelException>(() => bench.Store.Remove(ModelFolders.EmbeddedName)).Said(), StringComparison.Ordinal);
        Assert.True(File.Exists(EmbeddedModel.Folder.ModelPath));
    }

    [Fact]
    public async Task A_folder_is_registered_checked_and_unregistered_but_never_changed()
    {
        await using var bench = await ModelBench.StartAsync();
        var own = Generator(Path.Combine(bench.Folder, "own"));
        var files = Snapshot(own);

        var added = await bench.Store.AddAsync(own + Path.DirectorySeparatorChar, name: null, default);

        Assert.Equal(("own", ModelKind.Generation, own, true, true), (added.Name, added.Kind, added.Folder, added.IsRegistered, added.IsComplete));
        Assert.Equal(own, bench.Installed.Generator("own")!.Folder);
        Assert.Equal(own, bench.Installed.Generator("")!.Folder);
        Assert.Empty(await bench.Store.VerifyAsync("OWN", null, default));
        Assert.Contains("이미 있습니다", (await AddRefusedAsync(bench, own, "own")).Said(), StringComparison.Ordinal);

        await File.WriteAllTextAsync(Path.Combine(own, "tokenizer.json"), "[]");
        Assert.Equal(["tokenizer.json"], await bench.Store.VerifyAsync("own", null, default));
        File.Delete(Path.Combine(own, "tokenizer.json"));
        Assert.Contains("tokenizer.json", bench.Installed.Find("own")!.Fault!.Said(), StringComparison.Ordinal);
        Assert.Null(bench.Installed.Generator("own"));
        await File.WriteAllTextAsync(Path.Combine(own, "tokenizer.json"), "{}");

        bench.Store.Remove("own");
        Assert.Null(bench.Installed.Find("own"));
        Assert.False(Directory.Exists(bench.Installed.HomeOf("own")));
        Assert.Equal(files, Snapshot(own));
    }

    [Fact]
    public async Task An_embedding_folder_is_distinguished_from_a_generator()
    {
        await using var bench = await ModelBench.StartAsync();
        Assert.Equal(ModelKind.Embedding, (await bench.Store.AddAsync(EmbeddedModel.Folder.Path, "sentences", default)).Kind);

        var bare = Generator(Path.Combine(bench.Folder, "bare"));
        await File.WriteAllTextAsync(Path.Combine(bare, "config.json"), """{"architectures":["Gemma3TextModel"],"eos_token_id":1}""");
        Assert.Equal(ModelKind.Embedding, (await bench.Store.AddAsync(bare, null, default)).Kind);

        var genai = Directory.CreateDirectory(Path.Combine(bench.Folder, "genai")).FullName;
        await File.WriteAllTextAsync(Path.Combine(genai, "tokenizer.json"), "{}");
        await File.WriteAllTextAsync(Path.Combine(genai, "model.onnx"), "");
        await File.WriteAllTextAsync(Path.Combine(genai, "genai_config.json"), """{"model":{"eos_token_id":1,"decoder":{"filename":"model.onnx"}}}""");
        Assert.Equal(ModelKind.Generation, (await bench.Store.AddAsync(genai, null, default)).Kind);
    }

    [Theory]
    [InlineData("gemma3-concat", ModelKind.Generation)]
    [InlineData("gemma3-genai", ModelKind.Generation)]
    [InlineData("gemma3n-two-graph", ModelKind.Generation)]
    [InlineData("bert-wordpiece", ModelKind.Embedding)]
    [InlineData("xlmr-unigram", ModelKind.Embedding)]
    public async Task Real_folders_are_distinguished(string folder, ModelKind kind)
    {
        var path = Repository.Shared($"models/tiny/{folder}");
        await using var bench = await ModelBench.StartAsync();
        Assert.Equal(kind, (await bench.Store.AddAsync(path, null, default)).Kind);
    }

    [Fact]
    public async Task A_folder_without_a_model_is_not_registered()
    {
        await using var bench = await ModelBench.StartAsync();
        var empty = Directory.CreateDirectory(Path.Combine(bench.Folder, "empty")).FullName;

        Assert.Contains("ONNX", (await AddRefusedAsync(bench, empty, null)).Said(), StringComparison.Ordinal);
        Assert.Contains("폴더가 없습니다", (await AddRefusedAsync(bench, Path.Combine(bench.Folder, "none"), null)).Said(), StringComparison.Ordinal);
        Assert.Contains("--name", (await AddRefusedAsync(bench, empty, "../out")).Said(), StringComparison.Ordinal);
        Assert.DoesNotContain(bench.Installed.All, model => !model.IsEmbedded);
    }

    [Fact]
    public async Task The_first_installed_generator_of_the_catalogue_is_chosen()
    {
        await using var bench = await ModelBench.StartAsync();
        bench.Catalogue = ModelCatalogue.Load(AppContext.BaseDirectory);
        Assert.Null(bench.Installed.Generator(""));
        Assert.Null(bench.Installed.Generator("gemma-3n-E2B-it"));
        Assert.Contains("models pull bge-m3", bench.Installed.MissingEmbedder("bge-m3"), StringComparison.Ordinal);
        Assert.DoesNotContain("models pull", bench.Installed.MissingEmbedder("some/folder"), StringComparison.Ordinal);

        foreach (var name in new[] { "a-model-of-mine", "gemma-4-E2B-it", "gemma-3-270m-it" })
        {
            await bench.Store.AddAsync(Generator(Path.Combine(bench.Folder, name)), name, default);
        }

        Assert.Equal("gemma-3-270m-it", bench.Installed.Generator("")!.Name);
        Assert.Equal("gemma-4-E2B-it", bench.Installed.Generator("gemma-4-E2B-it")!.Name);
        Assert.Equal("a-model-of-mine", bench.Installed.Generator(Path.Combine(bench.Folder, "a-model-of-mine"))!.Name);
        Assert.Null(bench.Installed.Generator(ModelFolders.EmbeddedName));
        Assert.Equal(["gemma-3-270m-it", "gemma-4-E2B-it", "a-model-of-mine", ModelFolders.EmbeddedName], bench.Installed.All.Select(model => model.Name));
    }

    [Fact]
    public async Task Removing_deletes_downloaded_files_and_leaves_the_rest()
    {
        await using var bench = await ModelBench.StartAsync();
        await bench.PullAsync();
        var note = Path.Combine(bench.Home, "my notes.txt");
        await File.WriteAllTextAsync(note, "mine");

        bench.Store.Remove(ModelBench.Name);

        Assert.Equal([note], Directory.GetFiles(bench.Home, "*", SearchOption.AllDirectories));
        File.Delete(note);
        Assert.Contains("없습니다", Assert.Throws<ModelException>(() => bench.Store.Remove("no-such")).Said(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Removing_deletes_the_pieces_of_an_unfinished_download()
    {
        await using var bench = await ModelBench.StartAsync();
        bench.Hub.Instead = async context =>
        {
            if (!TestHub.IsFile(context, ModelBench.Weights))
            {
                return false;
            }

            // An immediate refusal might leave the other files no time to begin.
            while (!Directory.Exists(bench.Home) || Directory.GetFiles(bench.Home, "*.part", SearchOption.AllDirectories).Length == 0)
            {
                await Task.Delay(10);
            }

            return Refuse(context);
        };
        await bench.RefusedAsync();
        Assert.NotEmpty(Directory.GetFiles(bench.Home, "*.part", SearchOption.AllDirectories));

        bench.Store.Remove(ModelBench.Name);

        Assert.False(Directory.Exists(bench.Home));

        static bool Refuse(Microsoft.AspNetCore.Http.HttpContext context)
        {
            context.Response.StatusCode = 400;
            return true;
        }
    }

    [Fact]
    public async Task A_model_that_the_settings_name_is_not_removed()
    {
        await using var bench = await ModelBench.StartAsync();
        await bench.PullAsync();
        bench.Options = new() { EmbeddingModel = ModelBench.Name };

        Assert.Contains("Pybo:EmbeddingModel", Assert.Throws<ModelException>(() => bench.Store.Remove(ModelBench.Name)).Said(), StringComparison.Ordinal);
        bench.AssertWhole();
    }

    [Theory]
    [InlineData("{")]
    [InlineData("""{"name":"x","kind":"embedding","files":[{"path":"../../outside","sizeBytes":1,"hash":"0123456789012345678901234567890123456789"}]}""")]
    public async Task A_broken_record_makes_a_model_unusable_until_it_is_pulled_again(string record)
    {
        await using var bench = await ModelBench.StartAsync();
        await bench.PullAsync();
        await File.WriteAllTextAsync(Path.Combine(bench.Home, "pybo-model.json"), record);

        Assert.Contains("pybo-model.json", bench.Installed.Find(ModelBench.Name)!.Fault!.Said(), StringComparison.Ordinal);
        Assert.Null(bench.Installed.Embedder(ModelBench.Name));

        bench.Hub.Requests.Clear();
        await bench.PullAsync();
        bench.AssertWhole();
        Assert.Empty(bench.Hub.Downloads);
    }

    private static Task<ModelException> AddRefusedAsync(ModelBench bench, string folder, string? name) =>
        Assert.ThrowsAsync<ModelException>(() => bench.Store.AddAsync(folder, name, default));

    /// <summary>A folder with the files of a generator, all empty.</summary>
    private static string Generator(string folder)
    {
        Directory.CreateDirectory(Path.Combine(folder, "onnx"));
        File.WriteAllText(Path.Combine(folder, "tokenizer.json"), "{}");
        File.WriteAllText(Path.Combine(folder, "config.json"), """{"architectures":["Gemma3ForCausalLM"],"eos_token_id":1}""");
        File.WriteAllText(Path.Combine(folder, "onnx", "model_q4.onnx"), "");
        File.WriteAllText(Path.Combine(folder, "onnx", "model.onnx"), "");
        return folder;
    }

    private static string Snapshot(string folder) => string.Join('\n', Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Order().Select(file => $"{file} {File.ReadAllText(file)}"));
}
