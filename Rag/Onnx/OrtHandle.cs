using Microsoft.Win32.SafeHandles;

namespace Pybo.Rag.Onnx;

/// <summary>Owns one native object, and what must live as long as it does; released once, after the last call that uses it has returned.</summary>
internal sealed unsafe class OrtHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    private readonly delegate* unmanaged<nint, void> release;

    private readonly IDisposable? needed;

    /// <param name="pointer">The object.</param>
    /// <param name="release">The library's function that frees it.</param>
    /// <param name="needed">Memory or objects that the library reads through this one: disposed after it.</param>
    public OrtHandle(nint pointer, delegate* unmanaged<nint, void> release, IDisposable? needed = null) : base(ownsHandle: true)
    {
        this.release = release;
        this.needed = needed;
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
        needed?.Dispose();
        return true;
    }

    public readonly struct Lease(OrtHandle owner) : IDisposable
    {
        public nint Pointer => owner.DangerousGetHandle();

        public void Dispose() => owner.DangerousRelease();
    }

    /// <summary>Objects that are kept alive together.</summary>
    public sealed class Leases : IDisposable
    {
        private readonly List<Lease> leases = [];

        public Leases(IEnumerable<OrtHandle> owners)
        {
            foreach (var owner in owners)
            {
                Borrow(owner);
            }
        }

        public nint Borrow(OrtHandle owner)
        {
            var lease = owner.Borrow();
            leases.Add(lease);
            return lease.Pointer;
        }

        public void Dispose() => leases.ForEach(lease => lease.Dispose());
    }
}
