using System.Buffers;

namespace Pybo.Rag.Tokenizers;

/// <summary>Where a character of the processed text comes from: UTF-16 units [Start, End) of the original text.</summary>
internal readonly record struct Alignment(int Start, int End);

/// <summary>
/// A span [Start, End) of the processed text. <paramref name="AddedTokenId"/> is the id of an added token already found there, or
/// <see cref="IsText"/> if the later stages still have to process it.
/// </summary>
internal readonly record struct TextSplit(int Start, int End, int AddedTokenId)
{
    public const int IsText = -1;
}

/// <summary>
/// The text as it passes through the stages: its characters, the splits and, on request, the place of every character in the original. Stages either
/// cut (<see cref="Cut"/>) or rewrite (<see cref="Rewrite"/>). It does not know what the stages do. Buffers are pooled: dispose it.
/// </summary>
/// <example>"ＡＢ c" → NFKC → "AB c" with alignments (0,1)(1,2)(2,3)(3,4) → cut at white space → splits [0,2) and [3,4).</example>
internal sealed class AlignedText : IDisposable
{
    private AlignedBuffer current;
    private AlignedBuffer? spare;
    private List<TextSplit> splits = [];
    private List<TextSplit> spareSplits = [];

    /// <summary>Copies the original text; a lone surrogate becomes U+FFFD, since no vocabulary and no UTF-8 can hold it.</summary>
    public AlignedText(ReadOnlySpan<char> original, bool tracksOffsets)
    {
        current = new AlignedBuffer(original.Length, tracksOffsets);
        current.AppendOriginal(original);
        if (original.Length > 0)
        {
            splits.Add(new TextSplit(0, original.Length, TextSplit.IsText));
        }
    }

    public delegate void Rewriter(AlignedSpan source, AlignedBuffer target);

    /// <summary>Adds the splits of <paramref name="chars"/>, which starts at <paramref name="start"/> of the whole, to <paramref name="cuts"/>.</summary>
    public delegate void Cutter(ReadOnlySpan<char> chars, int start, List<TextSplit> cuts);

    public IReadOnlyList<TextSplit> Splits => splits;

    public bool TracksOffsets => current.TracksOffsets;

    public ReadOnlySpan<char> CharsOf(TextSplit split) => current.Chars[split.Start..split.End];

    public ReadOnlySpan<char> CharsAt(int start, int end) => current.Chars[start..end];

    /// <summary>Returns the range of the original text that [start, end) came from. Requires offsets.</summary>
    public Range OriginalRange(int start, int end) =>
        start == end ? default : new Range(current.Alignments[start].Start, current.Alignments[end - 1].End);

    /// <summary>Cuts every text split further; added tokens stay as they are, empty splits are removed.</summary>
    public void Cut(Cutter cutter)
    {
        spareSplits.Clear();
        foreach (var split in splits)
        {
            if (split.AddedTokenId != TextSplit.IsText)
            {
                spareSplits.Add(split);
            }
            else if (split.End > split.Start)
            {
                cutter(CharsOf(split), split.Start, spareSplits);
            }
        }
        (splits, spareSplits) = (spareSplits, splits);
    }

    /// <summary>Rewrites every text split; added tokens are copied, splits that become empty are removed.</summary>
    public void Rewrite(Rewriter rewriter)
    {
        spare ??= new AlignedBuffer(current.Length + (splits.Count * 2), TracksOffsets);
        spare.Clear();
        spareSplits.Clear();
        foreach (var split in splits)
        {
            var from = spare.Length;
            var source = current.Slice(split.Start, split.End);
            if (split.AddedTokenId == TextSplit.IsText)
            {
                rewriter(source, spare);
            }
            else
            {
                spare.Append(source);
            }
            if (spare.Length > from)
            {
                spareSplits.Add(split with { Start = from, End = spare.Length });
            }
        }
        (current, spare) = (spare, current);
        (splits, spareSplits) = (spareSplits, splits);
    }

    public void Dispose()
    {
        current.Dispose();
        spare?.Dispose();
    }
}

/// <summary>A read-only span of aligned text. <see cref="Alignments"/> is empty if offsets are not tracked.</summary>
internal readonly ref struct AlignedSpan(ReadOnlySpan<char> chars, ReadOnlySpan<Alignment> alignments)
{
    public ReadOnlySpan<char> Chars { get; } = chars;

    public ReadOnlySpan<Alignment> Alignments { get; } = alignments;

    public bool TracksOffsets => !Alignments.IsEmpty;

    public AlignedSpan this[Range range] => new(Chars[range], TracksOffsets ? Alignments[range] : default);
}

/// <summary>A growing pooled buffer of characters and, if tracked, their alignments.</summary>
internal sealed class AlignedBuffer(int capacity, bool tracksOffsets) : IDisposable
{
    private const int CapacityMin = 64;

    private char[] chars = ArrayPool<char>.Shared.Rent(Math.Max(capacity, CapacityMin));
    private Alignment[]? alignments = tracksOffsets ? ArrayPool<Alignment>.Shared.Rent(Math.Max(capacity, CapacityMin)) : null;

    public int Length { get; private set; }

    public bool TracksOffsets => tracksOffsets;

    public ReadOnlySpan<char> Chars => chars.AsSpan(0, Length);

    public ReadOnlySpan<Alignment> Alignments => alignments.AsSpan(0, tracksOffsets ? Length : 0);

    public AlignedSpan Slice(int start, int end) => new AlignedSpan(Chars, Alignments)[start..end];

    public void Clear() => Length = 0;

    /// <summary>Copies characters with their existing alignments.</summary>
    public void Append(AlignedSpan source)
    {
        Reserve(source.Chars.Length);
        source.Chars.CopyTo(chars.AsSpan(Length));
        source.Alignments.CopyTo(alignments.AsSpan(tracksOffsets ? Length : 0));
        Length += source.Chars.Length;
    }

    /// <summary>Appends characters that share one alignment.</summary>
    public void Append(ReadOnlySpan<char> text, Alignment alignment)
    {
        Reserve(text.Length);
        text.CopyTo(chars.AsSpan(Length));
        if (tracksOffsets)
        {
            alignments.AsSpan(Length, text.Length).Fill(alignment);
        }
        Length += text.Length;
    }

    /// <summary>Realigns the last written character (one or two units).</summary>
    public void AlignLast(Alignment alignment)
    {
        if (tracksOffsets)
        {
            var units = char.IsLowSurrogate(chars[Length - 1]) ? 2 : 1;
            alignments.AsSpan(Length - units, units).Fill(alignment);
        }
    }

    /// <summary>Appends the original text, each character aligned to itself (both halves of a surrogate pair to the pair).</summary>
    public void AppendOriginal(ReadOnlySpan<char> original)
    {
        Reserve(original.Length);
        original.CopyTo(chars);
        Length = original.Length;
        if (tracksOffsets)
        {
            for (var i = 0; i < original.Length; i++)
            {
                alignments![i] = new Alignment(i, i + 1);
            }
        }
        for (var i = 0; i < original.Length; i++)
        {
            var next = original[i..].IndexOfAnyInRange('\uD800', '\uDFFF');
            if (next < 0)
            {
                return;
            }
            i += next;
            if (i + 1 < original.Length && char.IsSurrogatePair(original[i], original[i + 1]))
            {
                if (tracksOffsets)
                {
                    alignments![i] = alignments[i + 1] = new Alignment(i, i + 2);
                }
                i++;
            }
            else
            {
                chars[i] = '\uFFFD';
            }
        }
    }

    public void Dispose()
    {
        ArrayPool<char>.Shared.Return(chars);
        if (alignments is not null)
        {
            ArrayPool<Alignment>.Shared.Return(alignments);
        }
        (chars, alignments) = ([], null);
    }

    private void Reserve(int count)
    {
        if (Length + count <= chars.Length && (alignments is null || Length + count <= alignments.Length))
        {
            return;
        }
        var capacity = Math.Max(Length + count, chars.Length * 2);
        chars = Grow(chars, capacity);
        alignments = alignments is null ? null : Grow(alignments, capacity);
    }

    private T[] Grow<T>(T[] full, int capacity)
    {
        var larger = ArrayPool<T>.Shared.Rent(capacity);
        full.AsSpan(0, Length).CopyTo(larger);
        ArrayPool<T>.Shared.Return(full);
        return larger;
    }
}
