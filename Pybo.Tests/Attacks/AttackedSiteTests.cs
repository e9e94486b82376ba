namespace Pybo.Tests.Attacks;

public sealed class AttackedSiteTests
{
    [Fact]
    public async Task A_site_in_its_own_process_serves_members_and_stops_on_request()
    {
        await using var site = await AttackedSite.StartAsync();
        var member = await site.SignUpAsync("관찰자");
        using var asked = await member.PostFormAsync("/questions/ask", [new("Input.Title", "밖에서 본 질문"), new("Input.Body", "이 글은 다른 프로세스가 받는다.")]);
        Assert.StartsWith("/questions/", asked.Headers.Location?.OriginalString, StringComparison.Ordinal);
        Assert.Contains("밖에서 본 질문", (await site.Visit().SeeAsync("/questions")).Body!.TextContent, StringComparison.Ordinal);
        await site.StopAsync();
        Assert.True(File.Exists(site.DatabaseFile));
    }
}
