using Pybo.Rag.Inference;

namespace Pybo.Tests.Rag.Inference;

public sealed class LeasedTests : IDisposable
{
    private readonly Resource resource = new();
    private readonly Leased<Resource> leased;

    public LeasedTests() => leased = new(resource);

    public void Dispose()
    {
        leased.Dispose();
        resource.Dispose();
    }

    [Fact]
    public void An_unused_resource_ends_with_its_owner()
    {
        leased.Borrow().Dispose();
        Assert.Equal(0, resource.Ended);

        leased.Dispose();

        Assert.Equal(1, resource.Ended);
    }

    [Fact]
    public void A_resource_in_use_ends_once_with_its_last_user()
    {
        var first = leased.Borrow();
        var second = leased.Borrow();
        leased.Dispose();
        leased.Dispose();
        first.Dispose();
        first.Dispose();
        Assert.Equal(0, resource.Ended);
        Assert.Same(resource, second.Value);

        second.Dispose();

        Assert.Equal(1, resource.Ended);
    }

    [Fact]
    public void Nothing_is_lent_after_the_disposal()
    {
        using var before = leased.Borrow();
        leased.Dispose();

        Assert.Null(leased.TryBorrow());
        Assert.Throws<ObjectDisposedException>(leased.Borrow);
    }

    [Fact]
    public async Task Waiting_for_the_end_waits_for_the_last_user()
    {
        var lease = leased.Borrow();
        var end = leased.DisposeAsync().AsTask();
        Assert.False(end.IsCompleted);

        lease.Dispose();

        await end;
        Assert.Equal(1, resource.Ended);
        await leased.DisposeAsync();
    }

    [Fact]
    public void A_lease_without_an_owner_never_ends_its_resource()
    {
        var lease = new Lease<Resource>(resource);
        lease.Dispose();

        Assert.Equal(0, resource.Ended);
    }

    private sealed class Resource : IDisposable
    {
        public int Ended { get; private set; }

        public void Dispose() => Ended++;
    }
}
