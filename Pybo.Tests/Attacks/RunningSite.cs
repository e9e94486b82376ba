using Pybo.Tests.Pages;

namespace Pybo.Tests.Attacks;

/// <summary>One site for all attacks of a class that leave no traces: a start costs seconds.</summary>
public sealed class RunningSite : IAsyncLifetime
{
    public AttackedSite Site { get; private set; } = null!;

    /// <summary>The first member, hence the administrator; logged in.</summary>
    public Visitor Member { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Site = await AttackedSite.StartAsync();
        Member = await Site.SignUpAsync("홍길동");
    }

    public async ValueTask DisposeAsync() => await Site.DisposeAsync();
}
