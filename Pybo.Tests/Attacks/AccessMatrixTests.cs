using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc.RazorPages.Infrastructure;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.StaticAssets;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Pybo.Tests.Pages;
using Pybo.Tests.Pages.Chat;
using Pybo.Tests.Rag.Chat;

namespace Pybo.Tests.Attacks;

/// <summary>
/// Who may do what: every handler of every page and every other endpoint, for a visitor, another member, the owner and an administrator. The test fails
/// for each one that is added and not listed.
/// </summary>
/// <remarks>
/// The letters of a row are the answers to these four, in this order: <c>+</c> done, and something is different in the file; <c>=</c> answered, and
/// nothing is different; <c>L</c> sent to the log-in; <c>F</c> forbidden; <c>N</c> not found; <c>B</c> a bad request; <c>C</c> a conflict. Each request
/// carries a valid token and finds the site in the same state.
/// </remarks>
public sealed partial class AccessMatrixTests
{
    /// <summary>Fields of all forms, for what the owner has written.</summary>
    private static readonly KeyValuePair<string, string>[] Fields =
    [
        new("Input.Title", "고친 제목"), new("Input.Body", "고친 글"), new("Input.Tags", "고침"), new("Input.Question", "승강기는 언제 점검하나요?"), new("Input.Text", "고친 글"),
        new("answer", "1"), new("comment", "1"), new("question", "1"), new("kind", "Question"), new("id", "1"), new("number", "1"), new("name", "이름"), new("title", "제목"), new("body", "글"), new("text", "글"),
        new("audience", "everyone"), new("good", "true"), new("pinned", "true"), new("verdict", "Good"),
    ];

    [Fact]
    public async Task Every_handler_and_endpoint_answers_each_viewer_as_listed()
    {
        await using var site = ChatSite.With(new ScriptedChatClient("봄에 점검합니다. [1]")).WithSetting("Pybo:Outgoing", "");
        var administrator = await site.SignUpAsync("관리하는이");
        var owner = await site.SignUpAsync(FilledSite.Korean.Member);
        var other = await site.SignUpAsync("다른이");
        Visitor[] viewers = [site.Visit(), other, owner, administrator];
        var values = await FilledSite.FillAsync(site, owner, FilledSite.Korean);
        var tokens = new List<string>();
        foreach (var viewer in viewers)
        {
            tokens.Add((await viewer.SeeAsync(tokens.Count == 0 ? "/account/login" : "/questions/ask")).QuerySelector("input[name=__RequestVerificationToken]")!.GetAttribute("value")!);
        }

        using var kept = new SqliteConnection("Data Source=:memory:");
        kept.Open();
        using var file = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = site.DatabaseFile, Pooling = false, DefaultTimeout = 30 }.ConnectionString);
        file.Open();
        using (var patience = file.CreateCommand())
        {
            // The copy back waits for the site's own writers; a command's timeout does not count for it.
            patience.CommandText = "pragma busy_timeout = 30000";
            patience.ExecuteNonQuery();
        }

        file.BackupDatabase(kept);
        var before = Content(file);
        var found = new StringBuilder();
        foreach (var (act, (method, address)) in await ActsAsync(site, values))
        {
            var letters = "";
            for (var i = 0; i < viewers.Length; i++)
            {
                kept.BackupDatabase(file);
                letters += await AnswerAsync(viewers[i], tokens[i], method, address) is var letter && letter == '=' && Content(file) != before ? '+' : letter;
            }

            found.Append(act).Append(' ').Append(letters).Append('\n');
        }

        Assert.Equal("", found.ToString());
    }

    private static async Task<char> AnswerAsync(Visitor viewer, string token, string method, string address)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(address, UriKind.Relative));
        if (method == HttpMethods.Post)
        {
            request.Content = new FormUrlEncodedContent([.. Fields, new("__RequestVerificationToken", token)]);
        }

        using var answer = await viewer.Http.SendAsync(request);
        return answer.StatusCode switch
        {
            HttpStatusCode.Redirect when answer.Headers.Location!.OriginalString.StartsWith("/account/login", StringComparison.Ordinal) => 'L',
            HttpStatusCode.Forbidden => 'F',
            HttpStatusCode.NotFound => 'N',
            HttpStatusCode.BadRequest => 'B',
            HttpStatusCode.Conflict => 'C',
            HttpStatusCode.MethodNotAllowed => 'M',
            < HttpStatusCode.BadRequest => '=',
            HttpStatusCode.ServiceUnavailable => 'S',
            _ => '?',
        };
    }

    /// <summary>Every handler and endpoint by its name, with its method and an address of the owner's things.</summary>
    private static async Task<SortedDictionary<string, (string Method, string Address)>> ActsAsync(PyboSite site, IReadOnlyDictionary<string, string> values)
    {
        var acts = new SortedDictionary<string, (string, string)>(StringComparer.Ordinal);
        var loader = site.Services.GetRequiredService<PageLoader>();
        foreach (var endpoint in site.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().Where(e => e.Metadata.GetMetadata<StaticAssetDescriptor>() is null))
        {
            var route = "/" + endpoint.RoutePattern.RawText!.TrimStart('/');
            if (endpoint.Metadata.GetMetadata<PageActionDescriptor>() is { } page)
            {
                Add("GET", route, null);
                foreach (var handler in (await loader.LoadAsync(page, EndpointMetadataCollection.Empty)).HandlerMethods.Where(h => HttpMethods.IsGet(h.HttpMethod) || HttpMethods.IsPost(h.HttpMethod)))
                {
                    Add(handler.HttpMethod.ToUpperInvariant(), route, handler.Name);
                }
            }
            else
            {
                foreach (var method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"])
                {
                    Add(method, route, null);
                }
            }
        }

        return acts;

        void Add(string method, string route, string? handler)
        {
            var query = handler is null ? "" : $"?handler={handler}";
            acts[$"{method} {route}{query}"] = (method, FilledSite.Address(route, values) + query);
        }
    }

    /// <summary>A digest of all rows except those that every request changes.</summary>
    private static string Content(SqliteConnection file)
    {
        using var tables = file.CreateCommand();
        tables.CommandText = "select name from pragma_table_list where type = 'table' and schema = 'main' and name not in ('Sessions', 'DataProtectionKeys', 'sqlite_sequence') order by name";
        List<string> names = [];
        using (var reader = tables.ExecuteReader())
        {
            while (reader.Read())
            {
                names.Add(reader.GetString(0));
            }
        }

        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var name in names)
        {
            using var rows = file.CreateCommand();
            rows.CommandText = $"select * from \"{name}\"";
            using var reader = rows.ExecuteReader();
            while (reader.Read())
            {
                for (var i = 0; i < reader.FieldCount; i++)
                {
                    digest.AppendData(reader.GetValue(i) is byte[] bytes ? bytes : Encoding.UTF8.GetBytes($"{reader.GetValue(i)}\n"));
                }
            }
        }

        return Convert.ToHexString(digest.GetHashAndReset());
    }
}
