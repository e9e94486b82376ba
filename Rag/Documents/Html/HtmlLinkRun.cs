namespace Pybo.Rag.Documents.Html;

/// <summary>Keeps blocks that are nothing but links until it is known whether they are a menu, which is written without its addresses.</summary>
internal sealed class HtmlLinkRun
{
    /// <summary>By then it is decided, and long runs need no more memory.</summary>
    private const int BlocksMax = 16;

    private readonly List<(BlockPart Block, string Marker, HtmlWords Words)> held = [];
    private bool? isMenu;

    /// <summary>Adds a block of the run; returns the blocks that are decided.</summary>
    public IEnumerable<BlockPart> Add(BlockPart block, string marker, HtmlWords words)
    {
        held.Add((block, marker, words));
        return held.Count >= BlocksMax || isMenu is not null ? Decide() : [];
    }

    /// <summary>Ends the run; returns its blocks.</summary>
    public IEnumerable<BlockPart> End()
    {
        var blocks = held.Count > 0 ? Decide() : [];
        isMenu = null;
        return blocks;
    }

    private List<BlockPart> Decide()
    {
        isMenu ??= HtmlWords.IsMenu([.. held.SelectMany(item => item.Words.Addresses)]);
        var blocks = held.ConvertAll(item => isMenu.Value ? item.Block with { Lines = [new(item.Marker + item.Words.WithoutAddresses())] } : item.Block);
        held.Clear();
        return blocks;
    }
}
