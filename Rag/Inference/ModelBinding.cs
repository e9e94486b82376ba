using Microsoft.ML.OnnxRuntime;
using Pybo.Rag.Inference.Kernels;

namespace Pybo.Rag.Inference;

/// <summary>A model's inputs and outputs that stay bound between runs. For one thread at a time.</summary>
/// <remarks>
/// Binding the same value again does nothing: the package would encode the name each time. One value can be both an input and an output if the
/// graph's kernels allow it. A value's memory must live until another replaces it or the binding is disposed.
/// </remarks>
/// <param name="model">The model named in errors.</param>
/// <param name="native">The package's binding, disposed with this one.</param>
internal sealed class ModelBinding(OnnxModel model, OrtIoBinding native) : IDisposable
{
    private readonly Dictionary<string, OrtValue> inputs = [];
    private readonly Dictionary<string, OrtValue> outputs = [];

    public OrtIoBinding Native => native;

    /// <summary>Binds a value that later runs read.</summary>
    /// <exception cref="OnnxModelException">The graph has no such input.</exception>
    public void Input(string name, OrtValue value)
    {
        if (inputs.GetValueOrDefault(name) == value)
        {
            return;
        }

        Require(model.Inputs, "input", name);
        try
        {
            native.BindInput(name, value);
        }
        catch (OnnxRuntimeException failure)
        {
            throw model.Failed(failure);
        }

        inputs[name] = value;
    }

    /// <summary>Binds a native value under an already encoded name, which allocates nothing.</summary>
    /// <param name="name">UTF-8 with a zero byte at its end.</param>
    /// <param name="value">An <c>OrtValue*</c>.</param>
    /// <exception cref="OnnxModelException">The graph has no such input.</exception>
    public unsafe void Input(ReadOnlySpan<byte> name, nint value)
    {
        try
        {
            fixed (byte* first = name)
            {
                OrtNative.ThrowIfFailed(OrtNative.BindInput(native.DangerousGetHandle(), first, value));
            }
        }
        catch (OrtNativeException failure)
        {
            throw model.Failed(failure.Message, failure);
        }
    }

    /// <summary>Binds a value that later runs write into. Its type and shape must match the run's output.</summary>
    /// <exception cref="OnnxModelException">The graph has no such output.</exception>
    public void Output(string name, OrtValue value)
    {
        if (outputs.GetValueOrDefault(name) == value)
        {
            return;
        }

        Require(model.Outputs, "output", name);
        try
        {
            native.BindOutput(name, value);
        }
        catch (OnnxRuntimeException failure)
        {
            throw model.Failed(failure);
        }

        outputs[name] = value;
    }

    public void Dispose() => native.Dispose();

    /// <summary>The library reports an unknown output only when it runs, and an unknown input breaks the whole binding.</summary>
    private void Require(IReadOnlyDictionary<string, TensorDeclaration> declared, string kind, string name)
    {
        if (!declared.ContainsKey(name))
        {
            throw model.Failed($"It has no {kind} '{name}'.");
        }
    }
}
