using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Pybo.Rag.Inference.Kernels;

/// <summary>A custom operator that graphs may name, run on the CPU: <c>OrtCustomOp</c> of the C API.</summary>
/// <remarks>
/// Sessions point to it for their whole lifetime, so an operator is created once, kept in a static field and never freed. The library reports its
/// exceptions as the <see cref="OnnxModelException"/> of the load or of the run.
/// </remarks>
internal abstract unsafe class CustomOp
{
    /// <summary>The layout below matches this version of the API; a newer library reads no further.</summary>
    private const uint LayoutVersion = OrtNative.ApiVersion;

    private readonly TensorElementType[] inputs;
    private readonly int required;
    private readonly TensorElementType output;

    /// <param name="name">The name in the graph's nodes.</param>
    /// <param name="inputs">The types of its inputs.</param>
    /// <param name="required">How many of them every node has; the others are optional.</param>
    /// <param name="output">The type of its one output.</param>
    protected CustomOp(string name, TensorElementType[] inputs, int required, TensorElementType output)
    {
        (this.inputs, this.required, this.output) = (inputs, required, output);
        var table = (Table*)NativeMemory.AllocZeroed((nuint)sizeof(Table));
        table->Version = LayoutVersion;
        table->GetName = &GetName;
        table->GetExecutionProviderType = &GetExecutionProviderType;
        table->GetInputType = &GetInputType;
        table->GetInputTypeCount = &GetInputTypeCount;
        table->GetOutputType = &GetOutputType;
        table->GetOutputTypeCount = &GetOutputTypeCount;
        table->KernelDestroy = &KernelDestroy;
        table->GetInputCharacteristic = &GetInputCharacteristic;
        table->GetOutputCharacteristic = &GetOutputCharacteristic;
        table->GetInputMemoryType = &GetInputMemoryType;
        table->CreateKernel = &CreateKernel;
        table->KernelCompute = &KernelCompute;
        table->Name = Marshal.StringToCoTaskMemUTF8(name);
        table->Self = GCHandle.ToIntPtr(GCHandle.Alloc(this));
        Pointer = (nint)table;
    }

    internal nint Pointer { get; }

    /// <summary>Creates the kernel of one node; called while its session is loaded.</summary>
    /// <exception cref="OrtNativeException">This operator cannot run the node; the session is then not loaded.</exception>
    protected abstract CustomOpKernel CreateKernel(KernelInfo info);

    [UnmanagedCallersOnly]
    private static nint GetName(Table* op) => op->Name;

    [UnmanagedCallersOnly]
    private static nint GetExecutionProviderType(Table* op) => 0; // the CPU

    [UnmanagedCallersOnly]
    private static TensorElementType GetInputType(Table* op, nuint index) => Of(op).inputs[index];

    [UnmanagedCallersOnly]
    private static nuint GetInputTypeCount(Table* op) => (nuint)Of(op).inputs.Length;

    [UnmanagedCallersOnly]
    private static TensorElementType GetOutputType(Table* op, nuint index) => Of(op).output;

    [UnmanagedCallersOnly]
    private static nuint GetOutputTypeCount(Table* op) => 1;

    [UnmanagedCallersOnly]
    private static Characteristic GetInputCharacteristic(Table* op, nuint index) => index < (nuint)Of(op).required ? Characteristic.Required : Characteristic.Optional;

    [UnmanagedCallersOnly]
    private static Characteristic GetOutputCharacteristic(Table* op, nuint index) => Characteristic.Required;

    [UnmanagedCallersOnly]
    private static int GetInputMemoryType(Table* op, nuint index) => 0; // OrtMemTypeDefault

    [UnmanagedCallersOnly]
    private static nint CreateKernel(Table* op, nint api, nint info, nint* kernel)
    {
        try
        {
            *kernel = GCHandle.ToIntPtr(GCHandle.Alloc(Of(op).CreateKernel(new(info))));
            return 0;
        }
        catch (Exception failure)
        {
            return OrtNative.StatusOf(failure);
        }
    }

    [UnmanagedCallersOnly]
    private static nint KernelCompute(nint kernel, nint context)
    {
        try
        {
            ((CustomOpKernel)GCHandle.FromIntPtr(kernel).Target!).Compute(new(context));
            return 0;
        }
        catch (Exception failure)
        {
            return OrtNative.StatusOf(failure);
        }
    }

    [UnmanagedCallersOnly]
    private static void KernelDestroy(nint kernel) => GCHandle.FromIntPtr(kernel).Free();

    private static CustomOp Of(Table* op) => (CustomOp)GCHandle.FromIntPtr(op->Self).Target!;

    /// <summary><c>OrtCustomOpInputOutputCharacteristic</c> of the C API.</summary>
    private enum Characteristic
    {
        Required,
        Optional,
    }

    /// <summary><c>OrtCustomOp</c> of version 17, in slots of 8 bytes; unnamed slots are 0, and the library does not need them. Our own data follow.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 32 * 8)]
    private struct Table
    {
        [FieldOffset(0 * 8)] public uint Version;
        [FieldOffset(2 * 8)] public delegate* unmanaged<Table*, nint> GetName;
        [FieldOffset(3 * 8)] public delegate* unmanaged<Table*, nint> GetExecutionProviderType;
        [FieldOffset(4 * 8)] public delegate* unmanaged<Table*, nuint, TensorElementType> GetInputType;
        [FieldOffset(5 * 8)] public delegate* unmanaged<Table*, nuint> GetInputTypeCount;
        [FieldOffset(6 * 8)] public delegate* unmanaged<Table*, nuint, TensorElementType> GetOutputType;
        [FieldOffset(7 * 8)] public delegate* unmanaged<Table*, nuint> GetOutputTypeCount;
        [FieldOffset(9 * 8)] public delegate* unmanaged<nint, void> KernelDestroy;
        [FieldOffset(10 * 8)] public delegate* unmanaged<Table*, nuint, Characteristic> GetInputCharacteristic;
        [FieldOffset(11 * 8)] public delegate* unmanaged<Table*, nuint, Characteristic> GetOutputCharacteristic;
        [FieldOffset(12 * 8)] public delegate* unmanaged<Table*, nuint, int> GetInputMemoryType;
        [FieldOffset(17 * 8)] public delegate* unmanaged<Table*, nint, nint, nint*, nint> CreateKernel;
        [FieldOffset(18 * 8)] public delegate* unmanaged<nint, nint, nint> KernelCompute;
        [FieldOffset(30 * 8)] public nint Name;
        [FieldOffset(31 * 8)] public nint Self;
    }
}

/// <summary>Runs one node of a graph for its session's lifetime. Several threads may run it at once.</summary>
internal abstract class CustomOpKernel
{
    public abstract void Compute(KernelContext context);
}

/// <summary>The operators of one domain, kept until the process ends.</summary>
internal sealed unsafe class CustomOpDomain
{
    private readonly nint pointer;

    public CustomOpDomain(string name, params ReadOnlySpan<CustomOp> operators)
    {
        Name = name;
        nint domain;
        OrtNative.ThrowIfFailed(OrtNative.CreateCustomOpDomain((byte*)Marshal.StringToCoTaskMemUTF8(name), &domain));
        foreach (var op in operators)
        {
            OrtNative.ThrowIfFailed(OrtNative.CustomOpDomainAdd(domain, op.Pointer));
        }

        pointer = domain;
    }

    public string Name { get; }

    /// <summary>Lets a session's graphs name the operators. Call it once per options object.</summary>
    public void AddTo(SessionOptions options)
    {
        var isHeld = false;
        options.DangerousAddRef(ref isHeld);
        try
        {
            OrtNative.ThrowIfFailed(OrtNative.AddCustomOpDomain(options.DangerousGetHandle(), pointer));
        }
        finally
        {
            options.DangerousRelease();
        }
    }
}
