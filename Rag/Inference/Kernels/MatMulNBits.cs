using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Pybo.Rag.Inference.Kernels;

/// <summary>The arithmetic of the operator MatMulNBits for 4-bit weights at accuracy level 4: rounds activations to int8 and sums products as integers.</summary>
/// <remarks>
/// <para>
/// Each run of <see cref="Step"/> weights of a column is q - z times a scale, with q of 4 bits; each run of as many activations of a row is an int8
/// times a scale. The product of two runs is then scale · scale · (Σ q·a - z · Σ a), whose first sum is over bytes: 512 bits hold 64 of them.
/// </para>
/// <para>
/// Weights stay in the model's own layout. For each tile of <see cref="Columns"/> columns their nibbles are spread into bytes once, into a buffer
/// that fits into the core's cache, and multiplied with all rows. For a prompt that costs a hundredth of the products; a single row needs it anyway.
/// A vector holds sixteen columns, four weights of each, so no sum is ever taken across a vector.
/// </para>
/// <para>
/// The 16-bit sums cannot overflow: each pair of lanes adds 16 products of at most 15 · 127 for <see cref="Step"/> activations, together 30,480.
/// </para>
/// </remarks>
internal static unsafe class MatMulNBits
{
    /// <summary>Weights whose products are summed as integers; a block of the model holds one or more such runs.</summary>
    public const int Step = 32;

    /// <summary>Columns that are multiplied together.</summary>
    public const int Columns = 32;

    /// <summary>Columns of one vector: a tile has two vectors next to each other.</summary>
    private const int HalfColumns = Columns / 2;

    /// <summary>Bytes of one half of a tile's line: four weights of 16 columns.</summary>
    private const int Half = 4 * HalfColumns;

    /// <summary>A tile's bytes for one run of weights: 8 lines of four weights of each column.</summary>
    private const int StepBytes = Step * Columns;

    /// <summary>Bytes of a run of weights in the model's layout.</summary>
    private const int PackedBytes = Step / 2;

    private const int CacheLine = 64;

    /// <summary>The zero point if the model names none.</summary>
    private const int ZeroPoint = 8;

    /// <summary>The largest absolute value of a rounded activation.</summary>
    private const float RoundedMax = 127;

    /// <summary>Whether this processor has the instructions. Otherwise the library's own kernels run.</summary>
    public static bool IsSupported => Avx512BW.IsSupported;

    /// <summary>Bytes of a tile of weights with <paramref name="depth"/> rows.</summary>
    public static int TileBytes(int depth) => (depth * Columns) + (depth / Step * Columns * sizeof(float) * 2);

    /// <summary>Rounds one row of activations to int8, each block with its own scale: its largest absolute value becomes 127.</summary>
    /// <param name="row">f32 [<paramref name="depth"/>].</param>
    /// <param name="depth">A multiple of <paramref name="blockSize"/>.</param>
    /// <param name="blockSize">Activations that share a scale, a multiple of <see cref="Step"/>: the model's block.</param>
    /// <param name="rounded">i8 [depth]; the even ones of every eight come first, matching the spread nibbles of four bytes.</param>
    /// <param name="scales">f32 [depth / Step].</param>
    /// <param name="sums">f32 [depth / Step]: each run's sum after rounding.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)] // skips the slow first tier, in which every instruction here is a call
    public static void RoundRow(float* row, int depth, int blockSize, sbyte* rounded, float* scales, float* sums)
    {
        for (var block = 0; block < depth; block += blockSize)
        {
            var largest = Vector512<float>.Zero;
            for (var at = block; at < block + blockSize; at += Vector512<float>.Count)
            {
                largest = Vector512.Max(largest, Vector512.Abs(Vector512.Load(row + at)));
            }

            var max = LargestOf(largest);
            var toRounded = Vector512.Create(max == 0 ? 0 : RoundedMax / max);
            var scale = max / RoundedMax;
            for (var at = block; at < block + blockSize; at += Step)
            {
                var low = Avx512F.ConvertToVector512Int32(Vector512.Load(row + at) * toRounded);
                var high = Avx512F.ConvertToVector512Int32(Vector512.Load(row + at + Vector512<float>.Count) * toRounded);
                EvenFirst(low).Store(rounded + at);
                EvenFirst(high).Store(rounded + at + Vector512<float>.Count);
                scales[at / Step] = scale;
                sums[at / Step] = scale * Vector512.Sum(low + high);
            }
        }
    }

    /// <summary>Unpacks a model's zero points, two per byte, into one byte each, in the order of the tiles.</summary>
    /// <param name="packed">u8 [columns, ⌈blocks / 2⌉], the even block in the low half.</param>
    /// <param name="columns">At least <see cref="Columns"/>.</param>
    /// <param name="blocks">Blocks of a column.</param>
    /// <returns>u8 [tiles, blocks, <see cref="Columns"/>]; the array is pinned.</returns>
    public static byte[] SpreadZeroPoints(ReadOnlySpan<byte> packed, int columns, int blocks)
    {
        var packedBlocks = (blocks + 1) / 2;
        var tiles = Tiles(columns);
        var spread = GC.AllocateUninitializedArray<byte>(tiles * blocks * Columns, pinned: true);
        for (var tile = 0; tile < tiles; tile++)
        {
            for (var block = 0; block < blocks; block++)
            {
                for (var column = 0; column < Columns; column++)
                {
                    var pair = packed[((FirstColumn(tile, columns) + column) * packedBlocks) + (block / 2)];
                    spread[(((tile * blocks) + block) * Columns) + column] = (byte)(block % 2 == 0 ? pair & 0xF : pair >> 4);
                }
            }
        }

        return spread;
    }

    public static int Tiles(int columns) => (columns + Columns - 1) / Columns;

    /// <summary>If the columns are not a multiple, the last tile overlaps the previous one: both write the same values there.</summary>
    public static int FirstColumn(int tile, int columns) => Math.Min(tile * Columns, columns - Columns);

    /// <summary>Spreads a tile's weights into bytes.</summary>
    /// <param name="weights">The tile's first column: u8 [<see cref="Columns"/>, depth / 2], the even weight in the low half.</param>
    /// <param name="scales">Scales of the same columns: f32 [Columns, depth / blockSize].</param>
    /// <param name="zeroPoints">Zero points of the same columns, in the order of <see cref="SpreadZeroPoints"/>; null if all are 8.</param>
    /// <param name="depth">Weights of a column, a multiple of <paramref name="blockSize"/>.</param>
    /// <param name="blockSize">Weights that share a scale, a multiple of <see cref="Step"/>.</param>
    /// <param name="tile"><see cref="TileBytes"/> bytes: u8 [depth / 4, Columns, 4], f32 scales [depth / Step, Columns], f32 -zero point · scale [depth / Step, Columns].</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void SpreadTile(byte* weights, float* scales, byte* zeroPoints, int depth, int blockSize, byte* tile)
    {
        var columnBytes = depth / 2;
        var blocks = depth / blockSize;
        for (var half = 0; half < 2; half++)
        {
            var packed = weights + (half * HalfColumns * columnBytes);
            var ahead = packed + (Columns * columnBytes); // the next tile's half, prefetched while this one is processed: a single row is bound by memory
            var spread = tile + (half * Half);
            for (var at = 0; at < depth; at += Step)
            {
                for (var line = 0; line < HalfColumns * PackedBytes; line += CacheLine, ahead += CacheLine)
                {
                    Sse.Prefetch0(ahead);
                }

                Transpose(packed, columnBytes, out var first, out var second, out var third, out var fourth);
                SpreadNibbles(first, spread);
                SpreadNibbles(second, spread + (StepBytes / 4));
                SpreadNibbles(third, spread + (StepBytes / 2));
                SpreadNibbles(fourth, spread + (StepBytes * 3 / 4));
                packed += PackedBytes;
                spread += StepBytes;
            }

            var tileScales = (float*)(tile + (depth * Columns)) + (half * HalfColumns);
            SpreadScales(scales + (half * HalfColumns * blocks), zeroPoints is null ? null : zeroPoints + (half * HalfColumns), blocks, blockSize / Step, tileScales, tileScales + (depth / Step * Columns));
        }
    }

    /// <summary>Multiplies one row by a tile.</summary>
    /// <inheritdoc cref="MultiplyRows"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void MultiplyRow(sbyte* rounded, float* scales, float* sums, byte* tile, int depth, float* output)
    {
        var ones = Vector512.Create((short)1);
        var tileScales = (float*)(tile + (depth * Columns));
        var tileOffsets = tileScales + (depth / Step * Columns);
        Vector512<float> left = default, right = default;
        for (var step = 0; step < depth / Step; step++)
        {
            var four = Four(rounded);
            var leftSum = Avx512BW.MultiplyAddAdjacent(Vector512.Load(tile), four);
            var rightSum = Avx512BW.MultiplyAddAdjacent(Vector512.Load(tile + Half), four);
            for (var line = 1; line < Step / 4; line++)
            {
                four = Four(rounded + (line * 4));
                leftSum += Avx512BW.MultiplyAddAdjacent(Vector512.Load(tile + (line * 2 * Half)), four);
                rightSum += Avx512BW.MultiplyAddAdjacent(Vector512.Load(tile + (line * 2 * Half) + Half), four);
            }

            var scale = Vector512.Create(scales[step]);
            var sum = Vector512.Create(sums[step]);
            left = Add(left, leftSum, ones, Vector512.Load(tileScales) * scale, Vector512.Load(tileOffsets), sum);
            right = Add(right, rightSum, ones, Vector512.Load(tileScales + HalfColumns) * scale, Vector512.Load(tileOffsets + HalfColumns), sum);
            rounded += Step;
            tile += StepBytes;
            tileScales += Columns;
            tileOffsets += Columns;
        }

        Store(left, right, output);
    }

    /// <summary>Multiplies rounded rows by a tile.</summary>
    /// <remarks>Four rows at a time, written out: their eight sums and eight totals must each be in a register, which array elements are not.</remarks>
    /// <param name="rounded">i8 [<paramref name="rows"/>, depth], from <see cref="RoundRow"/> like the next two.</param>
    /// <param name="scales">f32 [rows, depth / Step].</param>
    /// <param name="sums">f32 [rows, depth / Step].</param>
    /// <param name="rows">At least 1.</param>
    /// <param name="tile">From <see cref="SpreadTile"/>.</param>
    /// <param name="depth">A multiple of <see cref="Step"/>.</param>
    /// <param name="output">f32 [rows, <paramref name="stride"/>]; <see cref="Columns"/> columns are written.</param>
    /// <param name="stride">Elements from one row of the output to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void MultiplyRows(sbyte* rounded, float* scales, float* sums, int rows, byte* tile, int depth, float* output, int stride)
    {
        var steps = depth / Step;
        var ones = Vector512.Create((short)1);
        for (var row = 0; row < rows; row += 4)
        {
            // If fewer than four rows are left, the last ones are computed again: that costs less than code for each remainder.
            int row1 = Math.Min(row + 1, rows - 1), row2 = Math.Min(row + 2, rows - 1), row3 = Math.Min(row + 3, rows - 1);
            sbyte* a0 = rounded + ((long)row * depth), a1 = rounded + ((long)row1 * depth), a2 = rounded + ((long)row2 * depth), a3 = rounded + ((long)row3 * depth);
            int at0 = row * steps, at1 = row1 * steps, at2 = row2 * steps, at3 = row3 * steps;
            Vector512<float> left0 = default, right0 = default, left1 = default, right1 = default, left2 = default, right2 = default, left3 = default, right3 = default;
            var line = tile;
            var tileScales = (float*)(tile + (depth * Columns));
            var tileOffsets = tileScales + (steps * Columns);
            for (var step = 0; step < steps; step++)
            {
                var left = Vector512.Load(line);
                var right = Vector512.Load(line + Half);
                var four = Four(a0);
                var l0 = Avx512BW.MultiplyAddAdjacent(left, four);
                var r0 = Avx512BW.MultiplyAddAdjacent(right, four);
                four = Four(a1);
                var l1 = Avx512BW.MultiplyAddAdjacent(left, four);
                var r1 = Avx512BW.MultiplyAddAdjacent(right, four);
                four = Four(a2);
                var l2 = Avx512BW.MultiplyAddAdjacent(left, four);
                var r2 = Avx512BW.MultiplyAddAdjacent(right, four);
                four = Four(a3);
                var l3 = Avx512BW.MultiplyAddAdjacent(left, four);
                var r3 = Avx512BW.MultiplyAddAdjacent(right, four);
                for (var at = 4; at < Step; at += 4)
                {
                    line += 2 * Half;
                    left = Vector512.Load(line);
                    right = Vector512.Load(line + Half);
                    four = Four(a0 + at);
                    l0 += Avx512BW.MultiplyAddAdjacent(left, four);
                    r0 += Avx512BW.MultiplyAddAdjacent(right, four);
                    four = Four(a1 + at);
                    l1 += Avx512BW.MultiplyAddAdjacent(left, four);
                    r1 += Avx512BW.MultiplyAddAdjacent(right, four);
                    four = Four(a2 + at);
                    l2 += Avx512BW.MultiplyAddAdjacent(left, four);
                    r2 += Avx512BW.MultiplyAddAdjacent(right, four);
                    four = Four(a3 + at);
                    l3 += Avx512BW.MultiplyAddAdjacent(left, four);
                    r3 += Avx512BW.MultiplyAddAdjacent(right, four);
                }

                line += 2 * Half;
                a0 += Step;
                a1 += Step;
                a2 += Step;
                a3 += Step;
                Vector512<float> leftScale = Vector512.Load(tileScales), rightScale = Vector512.Load(tileScales + HalfColumns);
                Vector512<float> leftOffset = Vector512.Load(tileOffsets), rightOffset = Vector512.Load(tileOffsets + HalfColumns);
                tileScales += Columns;
                tileOffsets += Columns;
                Vector512<float> scale = Vector512.Create(scales[at0 + step]), sum = Vector512.Create(sums[at0 + step]);
                left0 = Add(left0, l0, ones, leftScale * scale, leftOffset, sum);
                right0 = Add(right0, r0, ones, rightScale * scale, rightOffset, sum);
                (scale, sum) = (Vector512.Create(scales[at1 + step]), Vector512.Create(sums[at1 + step]));
                left1 = Add(left1, l1, ones, leftScale * scale, leftOffset, sum);
                right1 = Add(right1, r1, ones, rightScale * scale, rightOffset, sum);
                (scale, sum) = (Vector512.Create(scales[at2 + step]), Vector512.Create(sums[at2 + step]));
                left2 = Add(left2, l2, ones, leftScale * scale, leftOffset, sum);
                right2 = Add(right2, r2, ones, rightScale * scale, rightOffset, sum);
                (scale, sum) = (Vector512.Create(scales[at3 + step]), Vector512.Create(sums[at3 + step]));
                left3 = Add(left3, l3, ones, leftScale * scale, leftOffset, sum);
                right3 = Add(right3, r3, ones, rightScale * scale, rightOffset, sum);
            }

            Store(left0, right0, output + ((long)row * stride));
            Store(left1, right1, output + ((long)row1 * stride));
            Store(left2, right2, output + ((long)row2 * stride));
            Store(left3, right3, output + ((long)row3 * stride));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector512<float> left, Vector512<float> right, float* output)
    {
        left.Store(output);
        right.Store(output + HalfColumns);
    }

    /// <summary>Four activations for each of 16 columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<sbyte> Four(sbyte* activations) => Vector512.Create(*(int*)activations).AsSByte();

    /// <summary>total + (pairs of the 16-bit sums) · scale + offset · sum.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Add(Vector512<float> total, Vector512<short> sums, Vector512<short> ones, Vector512<float> scale, Vector512<float> offset, Vector512<float> sum) =>
        Avx512F.FusedMultiplyAdd(offset, sum, Avx512F.FusedMultiplyAdd(Avx512F.ConvertToVector512Single(Avx512BW.MultiplyAddAdjacent(sums, ones)), scale, total));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float LargestOf(Vector512<float> values)
    {
        var eight = Vector256.Max(values.GetLower(), values.GetUpper());
        var four = Vector128.Max(eight.GetLower(), eight.GetUpper());
        four = Vector128.Max(four, Vector128.Shuffle(four, Vector128.Create(2, 3, 0, 1)));
        return Math.Max(four[0], four[1]);
    }

    /// <summary>Converts 16 numbers to int8, the even ones of each eight first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<sbyte> EvenFirst(Vector512<int> numbers) =>
        Vector128.Shuffle(Avx512F.ConvertToVector128SByteWithSaturation(numbers), Vector128.Create(0, 2, 4, 6, 1, 3, 5, 7, 8, 10, 12, 14, 9, 11, 13, 15));

    /// <summary>Transposes 16 columns of four 32-bit numbers: the first ones, the second ones, and so on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose(byte* column, long columnBytes, out Vector512<int> first, out Vector512<int> second, out Vector512<int> third, out Vector512<int> fourth)
    {
        var columns0 = EveryFourth(column, columnBytes);
        var columns1 = EveryFourth(column + columnBytes, columnBytes);
        var columns2 = EveryFourth(column + (2 * columnBytes), columnBytes);
        var columns3 = EveryFourth(column + (3 * columnBytes), columnBytes);
        var low01 = Avx512F.UnpackLow(columns0, columns1).AsInt64();
        var low23 = Avx512F.UnpackLow(columns2, columns3).AsInt64();
        var high01 = Avx512F.UnpackHigh(columns0, columns1).AsInt64();
        var high23 = Avx512F.UnpackHigh(columns2, columns3).AsInt64();
        first = Avx512F.UnpackLow(low01, low23).AsInt32();
        second = Avx512F.UnpackHigh(low01, low23).AsInt32();
        third = Avx512F.UnpackLow(high01, high23).AsInt32();
        fourth = Avx512F.UnpackHigh(high01, high23).AsInt32();
    }

    /// <summary>Loads 16 bytes each of the columns 0, 4, 8 and 12.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> EveryFourth(byte* column, long columnBytes) => Vector512.Create(
        Vector256.Create(Vector128.Load(column), Vector128.Load(column + (4 * columnBytes))),
        Vector256.Create(Vector128.Load(column + (8 * columnBytes)), Vector128.Load(column + (12 * columnBytes)))).AsInt32();

    /// <summary>Stores eight weights of each of 16 columns: the even ones, and the odd ones one line further.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SpreadNibbles(Vector512<int> packed, byte* line)
    {
        var nibble = Vector512.Create((byte)0xF);
        (packed.AsByte() & nibble).Store(line);
        (Vector512.ShiftRightLogical(packed.AsUInt16(), 4).AsByte() & nibble).Store(line + (2 * Half));
    }

    /// <summary>Stores the scales of 16 columns and their zero points' contribution, once for each step of a block.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SpreadScales(float* scales, byte* zeroPoints, int blocks, int stepsOfBlock, float* tileScales, float* tileOffsets)
    {
        const int together = 4;
        if (blocks < together)
        {
            var column = stackalloc float[Vector512<float>.Count];
            for (var block = 0; block < blocks; block++)
            {
                for (var at = 0; at < Vector512<float>.Count; at++)
                {
                    column[at] = scales[(at * blocks) + block];
                }

                SpreadScale(Vector512.Load(column), zeroPoints, block, stepsOfBlock, tileScales, tileOffsets);
            }

            return;
        }

        for (var next = 0; next < blocks; next += together)
        {
            var block = Math.Min(next, blocks - together); // repeats some instead of reading beyond the end
            Transpose((byte*)(scales + block), blocks * sizeof(float), out var first, out var second, out var third, out var fourth);
            SpreadScale(first.AsSingle(), zeroPoints, block, stepsOfBlock, tileScales, tileOffsets);
            SpreadScale(second.AsSingle(), zeroPoints, block + 1, stepsOfBlock, tileScales, tileOffsets);
            SpreadScale(third.AsSingle(), zeroPoints, block + 2, stepsOfBlock, tileScales, tileOffsets);
            SpreadScale(fourth.AsSingle(), zeroPoints, block + 3, stepsOfBlock, tileScales, tileOffsets);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SpreadScale(Vector512<float> scale, byte* zeroPoints, int block, int stepsOfBlock, float* tileScales, float* tileOffsets)
    {
        var zeroPoint = zeroPoints is null
            ? Vector512.Create((float)ZeroPoint)
            : Avx512F.ConvertToVector512Single(Avx512F.ConvertToVector512Int32(Vector128.Load(zeroPoints + (block * Columns))));
        var offset = -(zeroPoint * scale);
        for (var step = block * stepsOfBlock; step < (block + 1) * stepsOfBlock; step++)
        {
            scale.Store(tileScales + (step * Columns));
            offset.Store(tileOffsets + (step * Columns));
        }
    }
}
