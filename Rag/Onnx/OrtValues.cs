using System.Collections;
using System.Runtime.InteropServices;

namespace Pybo.Rag.Onnx;

/// <summary>Values that are disposed together.</summary>
public interface IDisposableReadOnlyCollection<T> : IReadOnlyList<T>, IDisposable;

internal sealed class OrtValues(nint[] values) : IDisposableReadOnlyCollection<OrtValue>
{
    private readonly OrtValue[] values = [.. values.Select(value => new OrtValue(value))];

    public int Count => values.Length;

    public OrtValue this[int index] => values[index];

    public IEnumerator<OrtValue> GetEnumerator() => values.AsEnumerable().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public void Dispose()
    {
        foreach (var value in values)
        {
            value.Dispose();
        }
    }
}

/// <summary>The native pointers of values, which cannot be released while this lives.</summary>
internal readonly struct BorrowedValues : IDisposable
{
    private readonly List<OrtHandle.Lease> leases;

    /// <exception cref="ArgumentException">A value is null.</exception>
    /// <exception cref="ObjectDisposedException">A value is disposed.</exception>
    public BorrowedValues(IReadOnlyCollection<OrtValue> values)
    {
        leases = new(values.Count);
        Pointers = new nint[values.Count];
        try
        {
            foreach (var value in values)
            {
                var lease = (value ?? throw new ArgumentException("A value is null.", nameof(values))).Handle.Borrow();
                Pointers[leases.Count] = lease.Pointer;
                leases.Add(lease);
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public nint[] Pointers { get; }

    public void Dispose() => leases.ForEach(lease => lease.Dispose());
}

/// <summary>Names as an array of NUL-terminated UTF-8 strings in native memory.</summary>
internal readonly unsafe struct PinnedNames : IDisposable
{
    /// <exception cref="ArgumentException">A name is null or empty.</exception>
    public PinnedNames(IReadOnlyCollection<string> names)
    {
        if (names.Any(string.IsNullOrEmpty))
        {
            throw new ArgumentException("A name is null or empty.", nameof(names));
        }

        Pointers = new byte*[names.Count];
        var i = 0;
        foreach (var name in names)
        {
            Pointers[i++] = (byte*)Marshal.StringToCoTaskMemUTF8(name);
        }
    }

    public byte*[] Pointers { get; }

    public void Dispose()
    {
        foreach (var name in Pointers)
        {
            Marshal.FreeCoTaskMem((nint)name);
        }
    }
}
