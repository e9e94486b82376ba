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
}
