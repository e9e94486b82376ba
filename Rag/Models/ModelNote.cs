using System.Globalization;
using System.Resources;

namespace Pybo.Rag.Models;

/// <summary>What a reader must know before choosing a model of the catalogue, in both languages: who downloads may read only one.</summary>
public sealed record ModelNote(string Korean, string English)
{
    private static readonly ResourceManager Texts = new(typeof(ModelNote));

    /// <summary>The notes on a model, the one that binds first.</summary>
    public static IReadOnlyList<ModelNote> Of(CatalogueModel model) =>
    [
        .. model.IsNonCommercial ? [Text("NonCommercial")] : Array.Empty<ModelNote>(),
        .. model.IsUntried ? [Text("Untried")] : Array.Empty<ModelNote>(),
    ];

    /// <summary>For a line of text.</summary>
    public override string ToString() => $"{Korean} / {English}";

    private static ModelNote Text(string name) => new(In(name, "Korean"), In(name, "English"));

    private static string In(string name, string language) =>
        Texts.GetString($"{name}{language}", CultureInfo.InvariantCulture) ?? throw new MissingManifestResourceException($"{name}{language}");
}
