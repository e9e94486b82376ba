using Microsoft.Win32.SafeHandles;

namespace Pybo.Rag.Onnx;

/// <summary>Owns one native object; released once, after the last call that uses it has returned.</summary>
internal sealed unsafe class OrtHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    private readonly delegate* unmanaged<nint, void> release;

    public OrtHandle(nint pointer, delegate* unmanaged<nint, void> release) : base(ownsHandle: true)
    {
        this.release = release;
        SetHandle(pointer);
    }

    /// <summary>Keeps the object alive for a native call, also against a dispose on another thread.</summary>
    /// <exception cref="ObjectDisposedException">It is already gone.</exception>
    public Lease Borrow()
    {
        var added = false;
        DangerousAddRef(ref added);
        return new(this);
    }

    protected override bool ReleaseHandle()
    {
        release(handle);
        return true;
    }

    public readonly struct Lease(OrtHandle owner) : IDisposable
    {
        public nint Pointer => owner.DangerousGetHandle();

        public void Dispose() => owner.DangerousRelease();
    }
}
