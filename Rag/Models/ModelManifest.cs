using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using System.Text.Unicode;
using Pybo.Data;

namespace Pybo.Rag.Models;

/// <summary>The contents of an installed model's <c>pybo-model.json</c>.</summary>
/// <param name="Folder">The user's own folder, for a model that was registered instead of downloaded; null means next to this file.</param>
/// <param name="Files">Every file with its size and hash.</param>
internal sealed record ModelManifest(
    string Name, ModelKind Kind, string? Folder, string? Repository, string? Commit, IReadOnlyList<HubFile> Files)
{
    /// <summary>Reads a folder's manifest; returns null if there is none.</summary>
    /// <exception cref="ModelException">The manifest is broken, or names files outside its folder.</exception>
    public static ModelManifest? Read(string folder)
    {
        var path = Path.Combine(folder, ModelFiles.Manifest);
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            using var stream = File.OpenRead(path);
            var read = JsonSerializer.Deserialize(stream, ManifestJson.Default.ModelManifest);
            return read is not null && read.Files.All(file => HubPath.IsSafe(file.Path) && ContentHash.IsOne(file.Hash)) ? read : throw new JsonException("it names what is no model's file");
        }
        catch (JsonException broken)
        {
            throw new ModelException(Notice.Of(ModelProblem.ManifestBroken, path, broken.Message), inner: broken);
        }
    }

    /// <summary>Reads a manifest that is about to be replaced: returns null if it is broken.</summary>
    public static ModelManifest? ReadIfWhole(string folder)
    {
        try
        {
            return Read(folder);
        }
        catch (ModelException)
        {
            return null;
        }
    }

    /// <summary>Writes the manifest atomically.</summary>
    public void Write(string folder) => WriteJson(Path.Combine(folder, ModelFiles.Manifest), this, ManifestJson.Readable.ModelManifest);

    /// <summary>Writes prompts in sentence-transformers' format.</summary>
    public static void WritePrompts(string folder, IReadOnlyDictionary<string, string> prompts) =>
        WriteJson(Path.Combine(folder, ModelFiles.Prompts), new PromptsFile(prompts), ManifestJson.Readable.PromptsFile);

    // Never in place: another tool's cache may share a file of the same name.
    private static void WriteJson<T>(string path, T value, JsonTypeInfo<T> type)
    {
        var unfinished = path + ModelFiles.PartEnding;
        File.WriteAllBytes(unfinished, JsonSerializer.SerializeToUtf8Bytes(value, type));
        File.Move(unfinished, path, overwrite: true);
    }
}

internal sealed record PromptsFile([property: JsonPropertyName("prompts")] IReadOnlyDictionary<string, string> Prompts);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(ModelManifest))]
[JsonSerializable(typeof(PromptsFile))]
internal sealed partial class ManifestJson : JsonSerializerContext
{
    /// <summary>Writes Hangul unescaped.</summary>
    public static ManifestJson Readable { get; } = new(new JsonSerializerOptions(JsonSerializerDefaults.Web) { WriteIndented = true, Encoder = JavaScriptEncoder.Create(UnicodeRanges.All) });
}
