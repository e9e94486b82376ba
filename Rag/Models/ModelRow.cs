namespace Pybo.Rag.Models;

/// <summary>A row in a list of models: available, installed, or both.</summary>
/// <param name="Known">The catalogue's entry.</param>
/// <param name="Here">The model on this machine.</param>
public sealed record ModelRow(string Name, ModelKind Kind, CatalogueModel? Known, InstalledModel? Here)
{
    /// <summary>Its current or future size on disk.</summary>
    public long? Bytes => Here is { IsComplete: true } ? Here.Bytes : Known?.DownloadBytes ?? Here?.Bytes;

    /// <summary>Lists the catalogue's models in its order, then the other installed ones.</summary>
    public static IReadOnlyList<ModelRow> All(ModelCatalogue catalogue, InstalledModels installed)
    {
        var here = installed.All;
        return
        [
            .. catalogue.All.Select(known => new ModelRow(known.Name, known.Kind, known, here.FirstOrDefault(model => string.Equals(model.Name, known.Name, StringComparison.OrdinalIgnoreCase)))),
            .. here.Where(model => catalogue.Find(model.Name) is null).Select(model => new ModelRow(model.Name, model.Kind, null, model)),
        ];
    }
}
