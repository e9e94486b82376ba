using System.Runtime.InteropServices;
using Pybo.Rag.Onnx;

namespace Pybo.Tests.Rag.Onnx;

public sealed class OrtValueTests
{
    [Fact]
    public void A_value_over_managed_memory_shares_it()
    {
        float[] data = [1, 2, 3, 4, 5, 6];
        using var value = OrtValue.CreateTensorValueFromMemory(data, [2, 3]);

        value.GetTensorMutableDataAsSpan<float>()[5] = 60;

        Assert.Equal(60, data[5]);
        var info = value.GetTensorTypeAndShape();
        Assert.Equal((TensorElementType.Float, 2, 6L), (info.ElementDataType, info.DimensionsCount, info.ElementCount));
        Assert.Equal([2, 3], info.Shape);
    }

    [Fact]
    public void A_part_of_memory_is_enough()
    {
        var data = new long[10];
        using var value = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, data.AsMemory(4, 3), [3]);

        value.GetTensorMutableDataAsSpan<long>().Fill(7);

        Assert.Equal([0, 0, 0, 0, 7, 7, 7, 0, 0, 0], data);
    }

    [Fact]
    public void Allocated_values_hold_what_is_written()
    {
        using var value = OrtValue.CreateAllocatedTensorValue(OrtAllocator.DefaultInstance, TensorElementType.Float16, [2, 2]);

        value.GetTensorMutableDataAsSpan<Half>().Fill((Half)1.5);

        Assert.Equal([(Half)1.5, (Half)1.5, (Half)1.5, (Half)1.5], value.GetTensorDataAsSpan<Half>().ToArray());
    }

    [Fact]
    public void Scalars_and_empty_tensors_are_values()
    {
        using var scalar = OrtValue.CreateTensorValueFromMemory([42], []);
        using var empty = OrtValue.CreateTensorValueFromMemory(Array.Empty<float>(), [1, 2, 0, 256]);

        Assert.Equal(42, scalar.GetTensorDataAsSpan<int>()[0]);
        Assert.True(empty.GetTensorDataAsSpan<float>().IsEmpty);
        Assert.Equal([1, 2, 0, 256], empty.GetTensorTypeAndShape().Shape);
    }

    [Fact]
    public void A_shape_that_does_not_fit_its_memory_is_refused()
    {
        Assert.Throws<ArgumentException>(() => OrtValue.CreateTensorValueFromMemory(new float[5], [2, 3]));
        Assert.Throws<ArgumentException>(() => OrtValue.CreateTensorValueFromMemory(new float[6], [-2, -3]));
        Assert.Throws<OverflowException>(() => OrtValue.CreateTensorValueFromMemory(new float[6], [long.MaxValue, 3]));
        Assert.Throws<NotSupportedException>(() => OrtValue.CreateTensorValueFromMemory(new DateTime[1], [1]));
    }

    [Fact]
    public void Elements_of_another_type_are_refused()
    {
        using var value = OrtValue.CreateTensorValueFromMemory([1L], [1]);

        var refused = Assert.Throws<InvalidOperationException>(() => value.GetTensorDataAsSpan<float>().Length);
        Assert.Contains("Int64", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public unsafe void A_value_over_native_memory_shares_it()
    {
        const int rows = 3;
        var buffer = (float*)NativeMemory.AllocZeroed(2 * rows, sizeof(float));
        try
        {
            using var value = OrtValue.CreateTensorValueWithData(OrtMemoryInfo.DefaultInstance, TensorElementType.Float, [1, rows], (nint)buffer, 2 * rows * sizeof(float));

            value.GetTensorMutableDataAsSpan<float>().Fill(2.5f);

            Assert.Equal([2.5f, 2.5f, 2.5f, 0, 0, 0], new ReadOnlySpan<float>(buffer, 2 * rows));
        }
        finally
        {
            NativeMemory.Free(buffer);
        }
    }

    [Fact]
    public void Native_memory_that_does_not_hold_the_shape_is_refused()
    {
        using var source = OrtValue.CreateAllocatedTensorValue(OrtAllocator.DefaultInstance, TensorElementType.Float, [4]);
        nint memory;
        unsafe
        {
            fixed (byte* first = source.GetTensorMutableRawData())
            {
                memory = (nint)first;
            }
        }

        Assert.Throws<OnnxRuntimeException>(() => Over(TensorElementType.Float, [5], memory, 16));
        Assert.Throws<OnnxRuntimeException>(() => Over(TensorElementType.DataTypeMax, [1], memory, 16));
        Assert.Throws<ArgumentException>(() => Over(TensorElementType.Float, [4], 0, 16));
        Assert.Throws<ArgumentOutOfRangeException>(() => Over(TensorElementType.Float, [4], memory, -1));
        Assert.Throws<ArgumentException>(() => Over(TensorElementType.Float, [-4], memory, 16));
        using var empty = Over(TensorElementType.Float, [0, 4], 0, 0);
        Assert.True(empty.GetTensorMutableRawData().IsEmpty);

        static OrtValue Over(TensorElementType type, long[] shape, nint memory, long bytes) =>
            OrtValue.CreateTensorValueWithData(OrtMemoryInfo.DefaultInstance, type, shape, memory, bytes);
    }

    [Theory]
    [InlineData(TensorElementType.BFloat16, 2)]
    [InlineData(TensorElementType.Float16, 2)]
    [InlineData(TensorElementType.Bool, 1)]
    [InlineData(TensorElementType.UInt8, 1)]
    [InlineData(TensorElementType.Int8, 1)]
    [InlineData(TensorElementType.Int32, 4)]
    [InlineData(TensorElementType.Int64, 8)]
    [InlineData(TensorElementType.Double, 8)]
    public void Every_type_of_numbers_has_raw_bytes(TensorElementType type, int elementBytes)
    {
        using var value = OrtValue.CreateAllocatedTensorValue(OrtAllocator.DefaultInstance, type, [2, 3]);
        var bytes = value.GetTensorMutableRawData();
        bytes.Fill(0xA5);

        Assert.Equal(6 * elementBytes, bytes.Length);
        Assert.Equal(0xA5, value.GetTensorMutableRawData()[^1]);
    }

    [Fact]
    public void A_tensor_larger_than_a_span_tells_its_shape_and_refuses_only_the_span()
    {
        const long rows = 3_000_000_000; // the address is never read
        using var huge = OrtValue.CreateTensorValueWithData(OrtMemoryInfo.DefaultInstance, TensorElementType.UInt8, [rows], 4096, rows);

        Assert.Equal(rows, huge.GetTensorTypeAndShape().ElementCount);
        var refused = Assert.Throws<InvalidOperationException>(() => huge.GetTensorMutableRawData().Length);
        Assert.Contains($"{rows}", refused.Message, StringComparison.Ordinal);
    }
}
