using Microsoft.ML.OnnxRuntime;

namespace Pybo.Rag.Inference;

/// <summary>A decoder's key-value cache: the keys and values of each layer, in native memory of a fixed capacity.</summary>
/// <remarks>
/// A shared tensor is one buffer of full capacity, bound once as past and present: a run appends the new rows. Any other tensor has two buffers that
/// take turns: a run reads all of one and writes all of the other. Truncating the text only lowers the row count. A failed or cancelled run leaves
/// the cache unchanged, because it writes only past the length, or into the other buffer.
/// </remarks>
internal sealed class KvCache : IDisposable
{
    private readonly Slot[] slots;

    public KvCache(DecoderLayout layout, int capacity)
    {
        slots = [.. layout.Caches.Select(tensor => new Slot(tensor, capacity))];
    }

    /// <summary>Tokens in the cache.</summary>
    public int Length { get; private set; }

    /// <summary>Binds past and present for a run that feeds this many tokens.</summary>
    public void Bind(ModelBinding binding, int tokens)
    {
        foreach (var slot in slots)
        {
            slot.Bind(binding, Length, tokens);
        }
    }

    /// <summary>Adds the tokens of a successful run.</summary>
    public void Advance(int tokens)
    {
        Length += tokens;
        foreach (var slot in slots)
        {
            slot.Advance();
        }
    }

    /// <summary>Drops all but the first tokens.</summary>
    public void Truncate(int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, Length);
        if (length < Length)
        {
            foreach (var slot in slots)
            {
                slot.Truncate(Length, length);
            }

            Length = length;
        }
    }

    /// <summary>Replaces its content with the first tokens of another cache of the same layout and capacity.</summary>
    public void CopyFrom(KvCache other, int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, other.Length);
        foreach (var (slot, source) in slots.Zip(other.slots))
        {
            slot.CopyFrom(source, other.Length, length);
        }

        Length = length;
    }

    public void Dispose() => Array.ForEach(slots, slot => slot.Dispose());

    private sealed class Slot(CachedTensor tensor, int capacity) : IDisposable
    {
        private readonly TensorBuffer?[] buffers = [Buffer(tensor, capacity), tensor.IsShared ? null : Buffer(tensor, capacity)];
        private OrtValue? past, present;
        private int reads; // the buffer that holds the past

        public void Bind(ModelBinding binding, int length, int tokens)
        {
            if (tensor.IsShared)
            {
                // The graph takes its length from the mask, and the buffer does not move.
                binding.Input(tensor.Past, buffers[0]![capacity]);
                binding.Output(tensor.Present, buffers[0]![capacity]);
                return;
            }

            Replace(ref past, buffers[reads]!.View(length));
            Replace(ref present, buffers[1 - reads]!.View(length + tokens));
            binding.Input(tensor.Past, past!);
            binding.Output(tensor.Present, present!);
        }

        public void Advance()
        {
            if (!tensor.IsShared)
            {
                reads = 1 - reads;
            }
        }

        public void Truncate(int from, int to)
        {
            if (tensor.IsShared)
            {
                return;
            }

            CopyRows(buffers[reads]!, from, buffers[reads]!, to, to);
        }

        public void CopyFrom(Slot source, int sourceLength, int length) => CopyRows(
            source.buffers[source.reads]!, tensor.IsShared ? capacity : sourceLength, buffers[reads]!, tensor.IsShared ? capacity : length, length);

        public void Dispose()
        {
            past?.Dispose();
            present?.Dispose();
            Array.ForEach(buffers, buffer => buffer?.Dispose());
        }

        /// <summary>Copies the first rows of every head. A head's rows are contiguous, as many as the tensor has, so the distance between heads depends on the
        /// row count.</summary>
        private void CopyRows(TensorBuffer source, int sourceRows, TensorBuffer target, int targetRows, int rows)
        {
            var bytes = checked(rows * tensor.RowBytes);
            for (var head = 0L; head < tensor.Heads; head++)
            {
                source.Elements<byte>(head * sourceRows * tensor.RowBytes, bytes).CopyTo(target.Elements<byte>(head * targetRows * tensor.RowBytes, bytes));
            }
        }

        private static void Replace(ref OrtValue? view, OrtValue by)
        {
            view?.Dispose();
            view = by;
        }

        private static TensorBuffer Buffer(CachedTensor tensor, int capacity) => new(tensor.Type, [1, tensor.Heads], capacity, [tensor.HeadSize]);
    }
}
