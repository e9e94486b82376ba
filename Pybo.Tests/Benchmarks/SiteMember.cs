using System.Net.Http.Json;
using System.Text.RegularExpressions;

namespace Pybo.Benchmarks;

/// <summary>A member who uses the forms of a site in a separate process.</summary>
internal sealed partial class SiteMember
{
    private const string Password = "푸른바다-거북이-7";

    private readonly HttpClient client;

    private SiteMember(HttpClient client) => this.client = client;

    public static async Task<SiteMember> SignUpAsync(HttpClient client, CancellationToken ct, string name = "benchmark")
    {
        var member = new SiteMember(client);
        using var form = new FormUrlEncodedContent(
        [
            new("Input.UserName", name), new("Input.Email", $"{name}@example.com"),
            new("Input.Password", Password), new("Input.PasswordAgain", Password),
            new("__RequestVerificationToken", await member.TokenAsync("/account/signup", ct)),
        ]);
        using var answer = await client.PostAsync("/account/signup", form, ct);
        answer.EnsureSuccessStatusCode();
        return member;
    }

    public async Task UploadAsync(string file, CancellationToken ct) => await UploadAsync(file, await UploadTokenAsync(ct), ct);

    public Task<string> UploadTokenAsync(CancellationToken ct) => TokenAsync("/documents/upload", ct);

    public async Task UploadAsync(string file, string token, CancellationToken ct)
    {
        using var form = new MultipartFormDataContent
        {
            { new StringContent(token), "__RequestVerificationToken" },
            { new StreamContent(File.OpenRead(file)), "files", Path.GetFileName(file) },
        };
        using var answer = await client.PostAsync("/documents/upload", form, ct);
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>The progress of a document; null if it does not exist.</summary>
    public async Task<SiteProgress?> ProgressAsync(long id, CancellationToken ct) =>
        (await client.GetFromJsonAsync<SiteProgress[]>($"/documents?handler=Progress&id={id}", ct) ?? []).FirstOrDefault();

    private async Task<string> TokenAsync(string page, CancellationToken ct) =>
        Token().Match(await client.GetStringAsync(page, ct)) is { Success: true } token ? token.Groups[1].Value : throw new InvalidOperationException($"{page} has no form.");

    [GeneratedRegex("""name="__RequestVerificationToken" type="hidden" value="([^"]+)\x22""")]
    private static partial Regex Token();
}

internal sealed record SiteProgress(long Id, string Text, bool IsOpen, bool IsFailed);
