namespace Pybo.Rag.Inference.Kernels;

/// <summary>A node while its session is loaded: <c>OrtKernelInfo</c> of the C API.</summary>
internal readonly unsafe struct KernelInfo(nint info)
{
    /// <summary>Returns an input that is the same for all runs; null if it is computed or left out. Its memory lives as long as the session.</summary>
    public KernelTensor? ConstantInput(int index)
    {
        nuint count;
        OrtNative.ThrowIfFailed(OrtNative.KernelInfoGetInputCount(info, &count));
        if ((nuint)index >= count)
        {
            return null;
        }

        int isConstant;
        nint value;
        OrtNative.ThrowIfFailed(OrtNative.KernelInfoGetConstantInputTensor(info, (nuint)index, &isConstant, &value));
        return isConstant != 0 && value != 0 ? new(value) : null;
    }
}

/// <summary>One run of a node: <c>OrtKernelContext</c> of the C API. Allocates nothing.</summary>
internal readonly unsafe struct KernelContext(nint context)
{
    public KernelTensor Input(int index)
    {
        nint value;
        OrtNative.ThrowIfFailed(OrtNative.KernelContextGetInput(context, (nuint)index, &value));
        return new(value);
    }

    /// <summary>Allocates the output, with undefined content.</summary>
    public KernelTensor Output(ReadOnlySpan<long> shape)
    {
        nint value;
        fixed (long* dimensions = shape)
        {
            OrtNative.ThrowIfFailed(OrtNative.KernelContextGetOutput(context, 0, dimensions, (nuint)shape.Length, &value));
        }

        return new(value);
    }

    /// <summary>Runs <paramref name="part"/> for 0 to <paramref name="count"/> - 1 on the session's threads and returns when all are done.</summary>
    /// <param name="count">A single part runs on the calling thread.</param>
    /// <param name="part">Must not throw.</param>
    /// <param name="work">Passed to every part.</param>
    public void ParallelFor(int count, delegate* unmanaged<void*, nuint, void> part, void* work)
    {
        if (count == 1)
        {
            part(work, 0);
            return;
        }

        OrtNative.ThrowIfFailed(OrtNative.KernelContextParallelFor(context, part, (nuint)count, 0, work));
    }
}

/// <summary>A tensor that a session lends to a kernel.</summary>
internal readonly unsafe struct KernelTensor(nint value)
{
    public const int RankMax = 8;

    public void* Data
    {
        get
        {
            void* data;
            OrtNative.ThrowIfFailed(OrtNative.GetTensorMutableData(value, &data));
            return data;
        }
    }

    /// <summary>Writes the dimensions.</summary>
    /// <returns>The number of dimensions.</returns>
    /// <exception cref="OrtNativeException">There are more than <paramref name="dimensions"/> can hold.</exception>
    public int GetShape(Span<long> dimensions)
    {
        nint info;
        OrtNative.ThrowIfFailed(OrtNative.GetTensorTypeAndShape(value, &info));
        try
        {
            nuint rank;
            OrtNative.ThrowIfFailed(OrtNative.GetDimensionsCount(info, &rank));
            if (rank > (nuint)dimensions.Length)
            {
                throw new OrtNativeException(OrtErrorCode.InvalidArgument, $"The tensor has {rank} dimensions, {dimensions.Length} are the most.");
            }

            fixed (long* first = dimensions)
            {
                OrtNative.ThrowIfFailed(OrtNative.GetDimensions(info, first, rank));
            }

            return (int)rank;
        }
        finally
        {
            OrtNative.ReleaseTensorTypeAndShapeInfo(info);
        }
    }
}
