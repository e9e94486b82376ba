using Pybo.Tests.Pages;

namespace Pybo.Tests.Attacks;

/// <summary>One listening site for all attacks of a class that leave no traces.</summary>
public sealed class RunningSite : IAsyncLifetime
{
    public PyboSite Site { get; } = new PyboSite().Listen();

    /// <summary>The first member, hence the administrator; logged in.</summary>
    public Visitor Member { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Member = await Site.SignUpAsync("홍길동");

    public async ValueTask DisposeAsync() => await Site.DisposeAsync();
}
