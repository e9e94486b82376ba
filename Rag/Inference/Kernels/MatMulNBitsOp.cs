using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime.Tensors;
using Pybo.Rag.Inference.OnnxGraph;

namespace Pybo.Rag.Inference.Kernels;

/// <summary><see cref="MatMulNBits"/> as an operator that replaces ONNX Runtime's in a graph.</summary>
/// <remarks>
/// Inputs: activations f32 [.., depth]; weights u8 [columns, blocks, block size / 2]; scales f32 [columns · blocks]; optionally zero points u8
/// [columns · ⌈blocks / 2⌉]. The last three are constants and are read in place: unlike the library's kernel it keeps no second copy of the weights.
/// Output: f32 [.., columns].
/// </remarks>
internal sealed class MatMulNBitsOp : CustomOp
{
    private const string Replaced = "com.microsoft.MatMulNBits";
    private const string OpName = "MatMulNBits";

    /// <summary>Four times a vocabulary, wider than any model, and all blocks of a product. With these limits no size here overflows an int.</summary>
    private const int ColumnsMax = 1 << 20, DepthMax = 1 << 17, BlocksMax = 1 << 30;

    private static readonly Lazy<CustomOpDomain> Domain = new(() => new("pybo", new MatMulNBitsOp()));

    private MatMulNBitsOp()
        : base(OpName, [TensorElementType.Float, TensorElementType.UInt8, TensorElementType.Float, TensorElementType.UInt8], required: 3, TensorElementType.Float)
    {
    }

    /// <summary>Replaces every MatMulNBits of a graph that it supports, and registers itself with the session's options.</summary>
    /// <remarks>
    /// Only if the model allows 8-bit activations (accuracy level 4): the library's own kernel then rounds them in the same way. If the processor
    /// lacks the instructions, nothing changes.
    /// </remarks>
    /// <returns>Whether the graph was changed.</returns>
    public static bool Replace(ModelProto model, SessionOptions options)
    {
        if (!MatMulNBits.IsSupported)
        {
            return false;
        }

        var values = new GraphValues(model.Graph);
        var nodes = model.Graph.Node.Where(node => CanReplace(node, values)).ToList();
        if (nodes.Count == 0)
        {
            return false;
        }

        var domain = Domain.Value;
        domain.AddTo(options);
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = domain.Name, Version = 1 });
        foreach (var node in nodes)
        {
            node.Domain = domain.Name;
            node.OpType = OpName;
            node.Attribute.Clear(); // the shapes say the same
        }

        return true;
    }

    protected override CustomOpKernel CreateKernel(KernelInfo info)
    {
        if (info.ConstantInput(1) is not { } weights || info.ConstantInput(2) is not { } scales)
        {
            throw new OrtNativeException(OrtErrorCode.InvalidGraph, $"{OpName} multiplies with constant weights and scales only.");
        }

        return new Kernel(weights, scales, info.ConstantInput(3));
    }

    private static bool CanReplace(NodeProto node, GraphValues values)
    {
        const int int8Activations = 4;
        if (GraphValues.Operator(node) != Replaced
            || node.Input.Count < 3
            || GraphValues.Attribute(node, "bits", 4) != 4
            || GraphValues.Attribute(node, "accuracy_level", 0) != int8Activations
            || node.Input.Skip(4).Any(input => input.Length > 0) // a column order, a bias
            || values.IsConstant(node.Input[0])
            || values.Tensor(node.Input[1]) is not { DataType: (int)TensorElementType.UInt8, Dims: [var columns, var blocks, var blockBytes] }
            || values.Tensor(node.Input[2]) is not { DataType: (int)TensorElementType.Float } scales)
        {
            return false;
        }

        TensorProto? zeroPoints = null;
        if (node.Input.Count > 3 && node.Input[3].Length > 0)
        {
            zeroPoints = values.Tensor(node.Input[3]);
            if (zeroPoints is not { DataType: (int)TensorElementType.UInt8 })
            {
                return false;
            }
        }

        return Fits([columns, blocks, blockBytes], Count([.. scales.Dims]), zeroPoints is null ? null : Count([.. zeroPoints.Dims]))
            && GraphValues.Attribute(node, "block_size", 0) == blockBytes * 2
            && GraphValues.Attribute(node, "K", 0) == blocks * blockBytes * 2
            && GraphValues.Attribute(node, "N", 0) == columns;
    }

    /// <summary>Whether weights of this shape match these numbers of scales and zero points, and have a size that <see cref="MatMulNBits"/> supports.</summary>
    private static bool Fits(ReadOnlySpan<long> weights, long scales, long? zeroPoints) =>
        weights is [>= MatMulNBits.Columns and <= ColumnsMax, > 0 and <= DepthMax, > 0 and <= DepthMax]
        && weights[2] * 2 % MatMulNBits.Step == 0
        && weights[1] * weights[2] * 2 <= DepthMax
        && weights[0] * weights[1] <= BlocksMax
        && scales == weights[0] * weights[1]
        && (zeroPoints is null || zeroPoints == weights[0] * ((weights[1] + 1) / 2));

    private static long Count(ReadOnlySpan<long> dimensions)
    {
        long count = 1;
        foreach (var dimension in dimensions)
        {
            count = checked(count * dimension);
        }

        return count;
    }

    /// <summary>One node: its weights, and how a product is split into parts for the session's threads.</summary>
    private sealed unsafe class Kernel : CustomOpKernel
    {
        /// <summary>Maximum rows rounded before they are multiplied: as many as a decoder is fed at once, which bounds the memory.</summary>
        private const int RowsMax = Decoder.ChunkTokensMax;

        /// <summary>Minimum multiplications per part: a few microseconds, against a fraction of one to hand it to a thread.</summary>
        private const long PartProductsMin = 1 << 17;

        /// <summary>Minimum activations that one part rounds.</summary>
        private const int PartActivationsMin = 1 << 14;

        private const int Alignment = 64; // a cache line, and a vector

        private readonly byte* weights;
        private readonly float* scales;
        private readonly byte[]? zeroPoints; // pinned
        private readonly int columns;
        private readonly int depth;
        private readonly int blockSize;

        public Kernel(KernelTensor weights, KernelTensor scales, KernelTensor? zeroPoints)
        {
            // CanReplace has checked these already, unless the file itself names this operator.
            Span<long> shape = stackalloc long[KernelTensor.RankMax];
            shape = shape[..weights.GetShape(shape)];
            if (!Fits(shape, Count(scales), zeroPoints is { } given ? Count(given) : null))
            {
                throw new OrtNativeException(OrtErrorCode.InvalidGraph, $"{OpName} is given weights, scales and zero points that do not belong together.");
            }

            this.weights = (byte*)weights.Data;
            this.scales = (float*)scales.Data;
            columns = (int)shape[0];
            blockSize = (int)shape[2] * 2;
            depth = (int)shape[1] * blockSize;
            if (zeroPoints is { } packed)
            {
                var blocks = depth / blockSize;
                this.zeroPoints = MatMulNBits.SpreadZeroPoints(new(packed.Data, columns * ((blocks + 1) / 2)), columns, blocks);
            }
        }

        public override void Compute(KernelContext context)
        {
            Span<long> shape = stackalloc long[KernelTensor.RankMax];
            var activations = context.Input(0);
            shape = shape[..activations.GetShape(shape)];
            if (shape is not [.., var width] || width != depth)
            {
                throw new OrtNativeException(OrtErrorCode.InvalidArgument, $"{OpName} multiplies rows of {depth} numbers.");
            }

            var rows = MatMulNBitsOp.Count(shape[..^1]);
            shape[^1] = columns;
            var input = (float*)activations.Data;
            var output = (float*)context.Output(shape).Data;
            for (long row = 0; row < rows; row += RowsMax)
            {
                Multiply(context, input + (row * depth), (int)Math.Min(RowsMax, rows - row), output + (row * columns));
            }
        }

        private static long Count(KernelTensor tensor)
        {
            Span<long> shape = stackalloc long[KernelTensor.RankMax];
            return MatMulNBitsOp.Count(shape[..tensor.GetShape(shape)]);
        }

        private void Multiply(KernelContext context, float* input, int rows, float* output)
        {
            var steps = depth / MatMulNBits.Step;
            var bytes = rows * (depth + (2 * steps * sizeof(float)));
            var rented = ArrayPool<byte>.Shared.Rent(bytes + Alignment);
            try
            {
                fixed (byte* buffer = rented)
                {
                    var rounded = Aligned(buffer);
                    var rowScales = (float*)(rounded + (rows * depth));
                    var tiles = MatMulNBits.Tiles(columns);
                    var work = new Work
                    {
                        Weights = weights,
                        Scales = scales,
                        ZeroPoints = zeroPoints is null ? null : (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(zeroPoints)),
                        Columns = columns,
                        Depth = depth,
                        BlockSize = blockSize,
                        Input = input,
                        Rounded = (sbyte*)rounded,
                        RowScales = rowScales,
                        RowSums = rowScales + (rows * steps),
                        Rows = rows,
                        Output = output,
                        RoundingParts = (int)Math.Clamp((long)rows * depth / PartActivationsMin, 1, rows),
                        TileParts = (int)Math.Clamp((long)rows * depth * columns / PartProductsMin, 1, tiles),
                    };
                    context.ParallelFor(work.RoundingParts, &Round, &work);
                    context.ParallelFor(work.TileParts, &MultiplyTiles, &work);
                    if (work.IsOutOfMemory != 0)
                    {
                        throw new OrtNativeException(OrtErrorCode.Fail, $"There is no memory left for a product of {rows} × {depth} × {columns} numbers.");
                    }
                }
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(rented);
            }
        }

        [UnmanagedCallersOnly]
        private static void Round(void* argument, nuint part)
        {
            var work = (Work*)argument;
            var steps = work->Depth / MatMulNBits.Step;
            var (row, end) = Range((int)part, work->RoundingParts, work->Rows);
            for (; row < end; row++)
            {
                MatMulNBits.RoundRow(work->Input + ((long)row * work->Depth), work->Depth, work->BlockSize, work->Rounded + (row * work->Depth), work->RowScales + (row * steps), work->RowSums + (row * steps));
            }
        }

        [UnmanagedCallersOnly]
        private static void MultiplyTiles(void* argument, nuint part)
        {
            var work = (Work*)argument;
            try
            {
                var rented = ArrayPool<byte>.Shared.Rent(MatMulNBits.TileBytes(work->Depth) + Alignment);
                fixed (byte* buffer = rented)
                {
                    var (tile, end) = Range((int)part, work->TileParts, MatMulNBits.Tiles(work->Columns));
                    for (; tile < end; tile++)
                    {
                        MultiplyTile(work, tile, Aligned(buffer));
                    }
                }

                ArrayPool<byte>.Shared.Return(rented);
            }
            catch (OutOfMemoryException)
            {
                work->IsOutOfMemory = 1; // the library's threads must not see an exception
            }
        }

        private static void MultiplyTile(Work* work, int tile, byte* buffer)
        {
            var column = MatMulNBits.FirstColumn(tile, work->Columns);
            var blocks = work->Depth / work->BlockSize;
            var zeroPoints = work->ZeroPoints is null ? null : work->ZeroPoints + ((long)tile * blocks * MatMulNBits.Columns);
            MatMulNBits.SpreadTile(work->Weights + ((long)column * (work->Depth / 2)), work->Scales + ((long)column * blocks), zeroPoints, work->Depth, work->BlockSize, buffer);
            if (work->Rows == 1)
            {
                MatMulNBits.MultiplyRow(work->Rounded, work->RowScales, work->RowSums, buffer, work->Depth, work->Output + column);
            }
            else
            {
                MatMulNBits.MultiplyRows(work->Rounded, work->RowScales, work->RowSums, work->Rows, buffer, work->Depth, work->Output + column, work->Columns);
            }
        }

        private static (int Start, int End) Range(int part, int parts, int count) => ((int)((long)part * count / parts), (int)((part + 1L) * count / parts));

        private static byte* Aligned(byte* buffer) => (byte*)(((nuint)buffer + Alignment - 1) & ~(nuint)(Alignment - 1));

        /// <summary>The shared state of one product's parts, on the stack of the thread that waits for them.</summary>
        private struct Work
        {
            public byte* Weights;
            public float* Scales;
            public byte* ZeroPoints;
            public int Columns;
            public int Depth;
            public int BlockSize;
            public float* Input;
            public sbyte* Rounded;
            public float* RowScales;
            public float* RowSums;
            public int Rows;
            public float* Output;
            public int RoundingParts;
            public int TileParts;
            public int IsOutOfMemory;
        }
    }
}
