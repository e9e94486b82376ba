using System.Text.Json;
using System.Text.Json.Serialization;
using Pybo.Data;
using Pybo.Rag.Inference;

namespace Pybo.Rag.Models;

/// <summary>The models available by name.</summary>
/// <param name="models">The models in order of preference.</param>
public sealed class ModelCatalogue(IReadOnlyList<CatalogueModel> models)
{
    private const string FileName = "models.json";

    public IReadOnlyList<CatalogueModel> All => models;

    public CatalogueModel? Find(string name) => models.FirstOrDefault(model => string.Equals(model.Name, name, StringComparison.OrdinalIgnoreCase));

    /// <summary>Reads <c>models/models.json</c> under the site's content root, or next to the program.</summary>
    /// <exception cref="ModelException">The file is missing or broken.</exception>
    public static ModelCatalogue Load(string contentRoot)
    {
        var file = ModelFolders.Roots(contentRoot).Select(root => Path.Combine(root, FileName)).FirstOrDefault(File.Exists)
            ?? throw new ModelException(Notice.Of(ModelProblem.NoCatalogue, ModelFolders.Root, FileName));
        try
        {
            using var stream = File.OpenRead(file);
            var read = JsonSerializer.Deserialize(stream, CatalogueJson.Default.CatalogueFile)?.Models ?? throw new JsonException("it is null");
            if (read.FirstOrDefault(model => !ModelName.IsValid(model.Name) || model.Repository.Count(c => c == '/') != 1 || model.Files.Count == 0) is { } wrong)
            {
                throw new JsonException($"'{wrong.Name}' has no valid name, repository or files");
            }

            return new(read);
        }
        catch (JsonException broken)
        {
            throw new ModelException(Notice.Of(ModelProblem.CatalogueBroken, file, broken.Message), inner: broken);
        }
    }
}

internal sealed record CatalogueFile(IReadOnlyList<CatalogueModel> Models);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(CatalogueFile))]
internal sealed partial class CatalogueJson : JsonSerializerContext;
