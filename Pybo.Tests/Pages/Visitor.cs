using System.Net;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;

namespace Pybo.Tests.Pages;

/// <summary>One browser: keeps its cookies, reads pages, sends their forms.</summary>
public sealed class Visitor(HttpClient http)
{
    private const string TokenField = "__RequestVerificationToken";
    private static readonly HtmlParser Parser = new();

    public HttpClient Http => http;

    public async Task<IHtmlDocument> SeeAsync(string url, HttpStatusCode expected = HttpStatusCode.OK)
    {
        using var answer = await http.GetAsync(new Uri(url, UriKind.RelativeOrAbsolute));
        var html = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == expected, $"{url}: {(int)answer.StatusCode} {answer.Headers.Location} {html}");
        return Parser.ParseDocument(html);
    }

    /// <summary>Sends a form as its page would, with that page's token. <paramref name="page"/> is the address that shows the form, if it differs from the one that receives it.</summary>
    public async Task<HttpResponseMessage> PostFormAsync(string url, IEnumerable<KeyValuePair<string, string>> fields, string? page = null)
    {
        var shown = await SeeAsync(page ?? url);
        var token = shown.QuerySelector($"input[name={TokenField}]") as IHtmlInputElement
            ?? throw new InvalidOperationException($"{page ?? url} has no form with a token.");
        using var content = new FormUrlEncodedContent([.. fields, new(TokenField, token.Value)]);
        return await http.PostAsync(new Uri(url, UriKind.RelativeOrAbsolute), content);
    }

    /// <summary>Posts a form without the token, as another site could.</summary>
    public async Task<HttpResponseMessage> PostForgedAsync(string url, IEnumerable<KeyValuePair<string, string>> fields)
    {
        using var content = new FormUrlEncodedContent(fields);
        return await http.PostAsync(new Uri(url, UriKind.RelativeOrAbsolute), content);
    }

    public Task<HttpResponseMessage> SignUpAsync(string name, string password = PyboSite.Password, string? repeated = null, string? email = null) => PostFormAsync("/account/signup",
    [
        new("Input.UserName", name),
        new("Input.Email", email ?? $"{Uri.EscapeDataString(name).Replace("%", string.Empty, StringComparison.Ordinal)}@example.com"),
        new("Input.Password", password),
        new("Input.PasswordAgain", repeated ?? password),
    ]);

    public Task<HttpResponseMessage> LogInAsync(string name, string password = PyboSite.Password, string? next = null) => PostFormAsync(
        next is null ? "/account/login" : $"/account/login?next={Uri.EscapeDataString(next)}",
        [new("Input.UserName", name), new("Input.Password", password)]);

    public static async Task<IHtmlDocument> ReadAsync(HttpResponseMessage answer) => Parser.ParseDocument(await answer.Content.ReadAsStringAsync());
}
