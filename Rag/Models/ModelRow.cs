namespace Pybo.Rag.Models;

/// <summary>A line in a list of models: one that can be had, one that is here, or both.</summary>
/// <param name="Known">In the catalogue.</param>
/// <param name="Here">On this machine.</param>
public sealed record ModelRow(string Name, ModelKind Kind, CatalogueModel? Known, InstalledModel? Here)
{
    /// <summary>What it takes on the disk, or will.</summary>
    public long? Bytes => Here is { IsComplete: true } ? Here.Bytes : Known?.DownloadBytes ?? Here?.Bytes;

    /// <summary>The catalogue's models in its order, then the others that are here.</summary>
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
