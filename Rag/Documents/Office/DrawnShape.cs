namespace Pybo.Rag.Documents.Office;

/// <summary>A rectangle on a slide, in English Metric Units.</summary>
internal readonly record struct ShapeBox(long Left, long Top, long Width, long Height)
{
    /// <summary>Larger values are false, and would overflow.</summary>
    public const long UnitsMax = 1L << 40;

    public long Right => Left + Width;

    public long Bottom => Top + Height;

    /// <summary>Returns true if the other is inside, except for a small part of its edges.</summary>
    public bool Contains(ShapeBox other)
    {
        const int edgeShare = 10;
        var (x, y) = (other.Width / edgeShare, other.Height / edgeShare);
        return Left <= other.Left + x && Top <= other.Top + y && Right >= other.Right - x && Bottom >= other.Bottom - y
            && (double)Width * Height > (double)other.Width * other.Height;
    }
}

/// <summary>A shape of a slide with its words, or a group of shapes.</summary>
internal sealed class DrawnShape
{
    /// <summary>Null if the slide does not place it.</summary>
    public ShapeBox? Box { get; set; }

    /// <summary>The kind of placeholder; null for any other shape.</summary>
    public string? Placeholder { get; set; }

    /// <summary>The number that a placeholder has in its layout.</summary>
    public string Index { get; set; } = "";

    public bool IsHidden { get; set; }

    /// <summary>The link target of the whole shape.</summary>
    public string? Address { get; set; }

    public List<DocumentPart> Parts { get; } = [];

    /// <summary>The shapes of a group.</summary>
    public List<DrawnShape> Shapes { get; } = [];
}
