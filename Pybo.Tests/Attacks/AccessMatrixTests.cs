using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc.RazorPages.Infrastructure;
using Microsoft.AspNetCore.Mvc.Testing.Handlers;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.StaticAssets;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Pybo.Tests.Pages;
using Pybo.Tests.Pages.Chat;
using Pybo.Tests.Pages.Images;
using Pybo.Tests.Rag.Chat;
using SkiaSharp;

namespace Pybo.Tests.Attacks;

/// <summary>
/// Who may do what: every handler of every page and every other endpoint, for a visitor, another member, the owner and an administrator. The test fails
/// for each one that is added and not listed.
/// </summary>
/// <remarks>
/// The letters of a row are the answers to these four, in this order: <c>+</c> done, and something is different in the file; <c>=</c> answered, and
/// nothing is different; <c>L</c> sent to the log-in; <c>F</c> forbidden; <c>U</c> not logged in; <c>N</c> not found; <c>&gt;</c> sent to another page, and nothing is different. Each request
/// carries a valid token and finds the site in the same state.
/// </remarks>
public sealed partial class AccessMatrixTests
{
    private const string Listed = """
        >>>> GET /
        ==== GET /account/login
        ==== GET /account/logout
        L=== GET /account/mail
        ==== GET /account/mail/confirm
        ==== GET /account/mail/end
        L=== GET /account/password
        L=== GET /account/sessions
        ==== GET /account/signup
        LFF= GET /admin/categories
        LFF= GET /admin/deleted
        LFF= GET /admin/evaluation
        LFF= GET /admin/groups
        LFF= GET /admin/models
        LFF= GET /admin/models?handler=Progress
        LFF= GET /admin/presets
        LFF= GET /admin/queue
        LFF= GET /admin/retrieval
        L>== GET /answers/{id:long}/edit
        ==== GET /answers/{id:long}/history
        L=== GET /bookmarks
        >>== GET /categories
        ==== GET /categories/{slug}
        L=== GET /chat
        ==== GET /chat/shared/{key}
        LN=N GET /chat/turns/{id:long}
        LN=N GET /chat/turns/{id:long}/events
        LN=N GET /chat/{id:long}
        LN=N GET /chat/{id:long}/export.json
        LN=N GET /chat/{id:long}/export.md
        L=== GET /comments/new
        L>=> GET /comments/{id:long}/edit
        ==== GET /documents
        L=== GET /documents/collections
        L=== GET /documents/upload
        NN=N GET /documents/{id:long}
        NN=N GET /documents/{id:long}/file
        ==== GET /documents?handler=Progress
        NNNN GET /drafts
        L=== GET /following
        L=== GET /images/new
        ==== GET /images/{name:maxlength(42)}
        ==== GET /images/{name:maxlength(42)}/small
        L=== GET /notifications
        ==== GET /questions
        L=== GET /questions/ask
        ==== GET /questions/feed
        NNNN GET /questions/preview
        ==== GET /questions/recent
        ==== GET /questions/similar
        NNNN GET /questions/undo
        L>== GET /questions/{id:long}/edit
        ==== GET /questions/{id:long}/feed
        ==== GET /questions/{id:long}/history
        L>== GET /questions/{id:long}/moderate
        ==== GET /questions/{id:long}/suggestion
        L>== GET /questions/{id:long}/tags
        ==== GET /questions/{id:long}/{title?}
        >>>> GET /questions/{questionId:long}/answer
        ==== GET /reputation
        ==== GET /robots.txt
        ==== GET /search
        ==== GET /search/suggest
        ==== GET /sitemap-{number:long:min(1)}.xml
        ==== GET /sitemap.xml
        NNNN GET /status/{code:int}
        ==== GET /tags
        ==== GET /tags/suggest
        ==== GET /tags/{name}
        LFF= GET /tags/{name}/edit
        ==== GET /tags/{name}/feed
        ==== GET /users/{name}
        ==== HEAD /images/{name:maxlength(42)}
        ==== HEAD /images/{name:maxlength(42)}/small
        ==== HEAD /questions/feed
        ==== HEAD /questions/{id:long}/feed
        ==== HEAD /robots.txt
        ==== HEAD /sitemap-{number:long:min(1)}.xml
        ==== HEAD /sitemap.xml
        ==== HEAD /tags/{name}/feed
        ==== POST /account/login
        >>>> POST /account/logout
        L+++ POST /account/mail
        >>>> POST /account/mail/confirm
        ==== POST /account/mail/end
        L+++ POST /account/mail?handler=Address
        L+++ POST /account/mail?handler=Confirm
        L+++ POST /account/password
        LNN> POST /account/sessions?handler=End
        L>>> POST /account/sessions?handler=EndOthers
        ==== POST /account/signup
        LFF+ POST /admin/categories?handler=Add
        LFF+ POST /admin/categories?handler=Delete
        LFF+ POST /admin/categories?handler=Edit
        LFF+ POST /admin/categories?handler=Move
        LFF+ POST /admin/deleted?handler=Erase
        LFF+ POST /admin/deleted?handler=Restore
        LFF+ POST /admin/groups?handler=Add
        LFF+ POST /admin/groups?handler=AddMember
        LFF> POST /admin/groups?handler=Delete
        LFF> POST /admin/groups?handler=RemoveMember
        LFF+ POST /admin/groups?handler=Rename
        LFF> POST /admin/models?handler=Pull
        LFF> POST /admin/models?handler=Remove
        LFF> POST /admin/models?handler=Stop
        LFFN POST /admin/models?handler=Verify
        LFF+ POST /admin/presets?handler=Add
        LFF+ POST /admin/presets?handler=Delete
        =>++ POST /answers/{id:long}/edit
        LN++ POST /answers/{id:long}/history?handler=Erase
        LN++ POST /answers/{id:long}/history?handler=Restore
        L>+> POST /bookmarks?handler=Remove
        L+++ POST /chat
        LN+N POST /chat/turns/{id:long}?handler=Again
        LN+N POST /chat/turns/{id:long}?handler=Anyway
        LN+N POST /chat/turns/{id:long}?handler=Edit
        LN+N POST /chat/turns/{id:long}?handler=Rate
        LN>N POST /chat/turns/{id:long}?handler=Stop
        LN>N POST /chat/turns/{id:long}?handler=Unrate
        LN+N POST /chat/{id:long}
        LN+N POST /chat/{id:long}?handler=Share
        LN+N POST /chat/{id:long}?handler=Unshare
        LN+N POST /chat?handler=Delete
        LN+N POST /chat?handler=Pin
        LN+N POST /chat?handler=Rename
        =+++ POST /comments/new
        =>+> POST /comments/{id:long}/edit
        LN+N POST /documents/collections?handler=Change
        L+++ POST /documents/collections?handler=Create
        LN+N POST /documents/collections?handler=Delete
        L+++ POST /documents/upload
        LN+N POST /documents/{id:long}?handler=Delete
        LN+N POST /documents/{id:long}?handler=Place
        LN+N POST /documents/{id:long}?handler=Reindex
        LNNN POST /documents/{id:long}?handler=Retry
        LN+N POST /documents/{id:long}?handler=Title
        =+++ POST /drafts
        =>>> POST /drafts?handler=Delete
        L>>> POST /following?handler=UnfollowMember
        L>+> POST /following?handler=UnfollowTag
        L+++ POST /images
        L+++ POST /images/new
        >>>> POST /language
        L>>+ POST /notifications?handler=Open
        L+++ POST /notifications?handler=ReadAll
        =+++ POST /questions/ask
        ==== POST /questions/ask?handler=Draft
        U=== POST /questions/preview
        LN++ POST /questions/undo
        =>++ POST /questions/{id:long}/edit
        LN++ POST /questions/{id:long}/history?handler=Erase
        LN++ POST /questions/{id:long}/history?handler=Restore
        L>++ POST /questions/{id:long}/moderate?handler=Close
        L>>+ POST /questions/{id:long}/moderate?handler=Lock
        L>>= POST /questions/{id:long}/moderate?handler=Merge
        L>>> POST /questions/{id:long}/moderate?handler=NoNotice
        L>>+ POST /questions/{id:long}/moderate?handler=Notice
        L>>+ POST /questions/{id:long}/moderate?handler=Pin
        L>>> POST /questions/{id:long}/moderate?handler=Reopen
        L>>+ POST /questions/{id:long}/moderate?handler=Unlock
        L>>+ POST /questions/{id:long}/moderate?handler=Unpin
        L>++ POST /questions/{id:long}/tags
        L>+> POST /questions/{id:long}/{title?}?handler=Accept
        L+>+ POST /questions/{id:long}/{title?}?handler=Bookmark
        L>++ POST /questions/{id:long}/{title?}?handler=Delete
        L>++ POST /questions/{id:long}/{title?}?handler=DeleteAnswer
        L>++ POST /questions/{id:long}/{title?}?handler=DeleteComment
        L+>+ POST /questions/{id:long}/{title?}?handler=Follow
        L>+> POST /questions/{id:long}/{title?}?handler=RemoveBookmark
        LNNN POST /questions/{id:long}/{title?}?handler=Suggestion
        L>>> POST /questions/{id:long}/{title?}?handler=Unaccept
        L>+> POST /questions/{id:long}/{title?}?handler=Unfollow
        L>>> POST /questions/{id:long}/{title?}?handler=Unvote
        L>>> POST /questions/{id:long}/{title?}?handler=UnvoteAnswer
        L+>+ POST /questions/{id:long}/{title?}?handler=Vote
        L+>+ POST /questions/{id:long}/{title?}?handler=VoteAnswer
        L>>+ POST /questions/{id:long}/{title?}?handler=VoteAnswerDown
        L>>+ POST /questions/{id:long}/{title?}?handler=VoteDown
        L+++ POST /questions/{questionId:long}/answer
        LFF+ POST /tags/{name}/edit
        LFF+ POST /tags/{name}/edit?handler=AddSynonym
        LFF+ POST /tags/{name}/edit?handler=RemoveSynonym
        L+>+ POST /tags/{name}?handler=Follow
        L>+> POST /tags/{name}?handler=Unfollow
        >>>> POST /theme
        L+>+ POST /users/{name}?handler=Follow
        L>>> POST /users/{name}?handler=Unfollow
        """;

    private static readonly Uri Home = new("http://localhost");

    private static readonly byte[] Picture = TestImages.Make(SKEncodedImageFormat.Png, 20, 20);

    private sealed record Person(string Cookies, string Token);

    /// <param name="Name">Method, route and handler.</param>
    /// <param name="Id">The form's <c>id</c>, if the route has none.</param>
    private sealed record Act(string Name, string Method, string Address, string? Id, bool TakesFiles);

    /// <summary>Fields of all forms, for what the owner has written.</summary>
    private static readonly KeyValuePair<string, string>[] Fields =
    [
        new("Input.Title", "고친 제목"), new("Input.Body", "고친 글"), new("Input.Tags", "고침"), new("Input.Question", "승강기는 언제 점검하나요?"), new("Input.Text", "고친 글"), new("Input.Description", "고친 설명"),
        new("Input.Name", "고침"), new("Input.Slug", "changed"), new("Input.Readers", "members"), new("Input.Current", PyboSite.Password), new("Input.New", "붉은산-호랑이-9"), new("Input.NewAgain", "붉은산-호랑이-9"),
        new("answer", "1"), new("comment", "1"), new("question", "1"), new("kind", "Question"), new("number", "1"), new("to", "2"), new("title", "제목"), new("body", "글"), new("text", "글"),
        new("audience", "members"), new("good", "true"), new("pinned", "true"), new("verdict", "Useful"), new("draft", "question"), new("language", "en"), new("theme", "dark"), new("Input.Live", "true"), new("live", "true"),
        new("reason", "Settled"), new("frequency", "Soon"), new("kinds", "Answered"), new("Input.Email", "new@example.com"), new("Input.Password", PyboSite.Password),
        new("tag", FilledSite.Korean.Tag), new("member", "홍길동"), new("Added.Synonym", "새이름"), new("synonym", $"{FilledSite.Korean.Tag}-2"),
    ];

    [Fact]
    public async Task Every_handler_and_endpoint_answers_each_viewer_as_listed()
    {
        await using var filled = Site();
        (CookieContainer Cookies, Visitor Visitor)[] viewers = [Enter(filled), Enter(filled), Enter(filled), Enter(filled)];
        foreach (var (viewer, name) in viewers.Reverse().Zip(["관리하는이", FilledSite.Korean.Member, "다른이"]))
        {
            using var signedUp = await viewer.Visitor.SignUpAsync(name);
            Assert.Equal(HttpStatusCode.Redirect, signedUp.StatusCode);
        }

        var values = await FillAsync(filled, viewers[2].Visitor, viewers[3].Visitor);
        var people = new List<Person>();
        foreach (var (cookies, visitor) in viewers)
        {
            var form = await visitor.SeeAsync(people.Count == 0 ? "/account/login" : "/questions/ask");
            people.Add(new(cookies.GetCookieHeader(Home), form.QuerySelector("input[name=__RequestVerificationToken]")!.GetAttribute("value")!));
        }

        // Nothing but the requests changes the copy: its site has no workers.
        await using var site = Site().WithoutWorkers();
        using var file = Open(site.DatabaseFile);
        using (var source = Open(filled.DatabaseFile))
        {
            source.BackupDatabase(file);
        }

        using var client = site.CreateClient(new() { AllowAutoRedirect = false, HandleCookies = false });
        using var kept = Open(":memory:");
        file.BackupDatabase(kept);
        var before = Content(kept);
        var listed = Listed.Split('\n').ToDictionary(row => row[5..], row => row[..4]);
        var found = new Dictionary<string, string>();
        foreach (var act in await ActsAsync(site, values))
        {
            var letters = "";
            foreach (var person in people)
            {
                kept.BackupDatabase(file);
                var letter = await AnswerAsync(client, person, act);
                letters += letter is '=' or '>' && Content(file) != before ? '+' : letter;
            }

            found.Add(act.Name, letters);
        }

        var wrong = listed.Keys.Union(found.Keys).Where(name => listed.GetValueOrDefault(name) != found.GetValueOrDefault(name))
            .Select(name => $"{name}: listed {listed.GetValueOrDefault(name, "not")}, is {found.GetValueOrDefault(name, "gone")}");
        Assert.Equal("", string.Join('\n', wrong));
    }

    private static PyboSite Site() => ChatSite.With(new ScriptedChatClient("봄에 점검합니다. [1]"))
        .WithSetting("Pybo:Outgoing", "mail").WithSetting("Pybo:MailServer", "127.0.0.1:1").WithSetting("Pybo:MailFrom", "board@example.com").WithSetting("Pybo:Address", "https://board.example");

    private static SqliteConnection Open(string file)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ConnectionString);
        connection.Open();
        return connection;
    }

    /// <summary>Gives the owner more than pages need: a private document, a picture, an edited answer, and a deleted question; and the administrator a preset.</summary>
    private static async Task<Dictionary<string, string>> FillAsync(PyboSite site, Visitor owner, Visitor administrator)
    {
        var values = await FilledSite.FillAsync(site, owner, FilledSite.Korean);
        var document = $"/documents/{values["/documents/id"]}";
        site.Execute($"update Documents set OwnerId = (select Id from AspNetUsers where UserName = '{FilledSite.Korean.Member}') where Id = {values["/documents/id"]}");
        using var closed = await owner.PostFormAsync($"{document}?handler=Place", [new("audience", "own")], document);
        using var edited = await owner.PostFormAsync($"/answers/{values["/answers/id"]}/edit", [new("Input.Body", "고친 답변입니다.")]);
        using var asked = await owner.PostFormAsync("/questions/ask", [new("Input.Title", "지울 질문"), new("Input.Body", "곧 지웁니다.")]);
        var gone = asked.Headers.Location!.OriginalString;
        using var deleted = await owner.PostFormAsync($"{gone}?handler=Delete", [], gone);
        using var added = await administrator.PostFormAsync("/admin/presets?handler=Add", [new("title", "짧게"), new("text", "한 문장으로 답한다.")], "/admin/presets");
        using var form = new MultipartFormDataContent { { new ByteArrayContent(Picture), "file", "그림.png" } };
        form.Add(new StringContent((await owner.SeeAsync("/images/new")).QuerySelector("main input[name=__RequestVerificationToken]")!.GetAttribute("value")!), "__RequestVerificationToken");
        using var drawn = await owner.Http.PostAsync(new Uri("/images/new", UriKind.Relative), form);
        values["/images/name"] = ImageName().Match(await drawn.Content.ReadAsStringAsync()).Groups[1].Value;
        values["preset"] = $"{site.Count("select max(Id) from PromptPresets")}";
        values["deleted"] = gone["/questions/".Length..].Split('/')[0];
        Assert.All([closed, edited, deleted, added], answer => Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode));
        return values;
    }

    /// <summary>A browser whose cookies can be read.</summary>
    private static (CookieContainer Cookies, Visitor Visitor) Enter(PyboSite site)
    {
        var cookies = new CookieContainer();
        return (cookies, new(site.CreateDefaultClient(Home, new CookieContainerHandler(cookies))));
    }

    private static async Task<char> AnswerAsync(HttpClient client, Person person, Act act)
    {
        using var request = new HttpRequestMessage(new HttpMethod(act.Method), new Uri(act.Address, UriKind.Relative)) { Headers = { { "Cookie", person.Cookies }, { "Origin", Home.GetLeftPart(UriPartial.Authority) } } };
        if (act.Method == HttpMethods.Post)
        {
            KeyValuePair<string, string>[] fields = [new("__RequestVerificationToken", person.Token), .. Fields, .. act.Id is null ? [] : new KeyValuePair<string, string>[] { new("id", act.Id) },
                .. act.Name.Contains("{name}", StringComparison.Ordinal) ? [] : new KeyValuePair<string, string>[] { new("name", "다른이") }];
            request.Content = act.TakesFiles ? Multipart(person.Token) : new FormUrlEncodedContent(fields);
        }

        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        return answer.StatusCode switch
        {
            HttpStatusCode.Redirect when answer.Headers.Location!.OriginalString.StartsWith("/account/login", StringComparison.Ordinal) => 'L',
            HttpStatusCode.Redirect or HttpStatusCode.SeeOther => '>',
            HttpStatusCode.Unauthorized => 'U',
            HttpStatusCode.Forbidden => 'F',
            HttpStatusCode.NotFound => 'N',
            < HttpStatusCode.BadRequest => '=',
            _ => '?',
        };
    }

    /// <summary>A form with a picture for one page and a text for another; each takes its own.</summary>
    private static MultipartFormDataContent Multipart(string token) => new()
    {
        { new StringContent(token), "__RequestVerificationToken" },
        { new StringContent("own"), "audience" },
        { new ByteArrayContent(Picture), "file", "그림.png" },
        { new ByteArrayContent([.. "승강기는 봄에 점검한다."u8]), "files", "글.txt" },
    };

    /// <summary>Every handler and endpoint, with an address of the owner's things.</summary>
    private static async Task<IEnumerable<Act>> ActsAsync(PyboSite site, Dictionary<string, string> values)
    {
        var acts = new SortedDictionary<string, Act>(StringComparer.Ordinal);
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

        return acts.Values;

        void Add(string method, string route, string? handler)
        {
            var (name, query) = ($"{method} {route}{(handler is null ? "" : $"?handler={handler}")}", handler is null ? "" : $"?handler={handler}");
            acts[name] = new(name, method, FilledSite.Address(route, values) + (route == "/comments/new" ? "?question=1" : query),
                route.Contains("{id", StringComparison.Ordinal) ? null : route is "/chat" ? values["/chat/id"] : route is "/admin/deleted" or "/questions/undo" ? values["deleted"] : route is "/admin/presets" ? values["preset"] : "1",
                route is "/documents/upload" or "/images" or "/images/new");
        }
    }

    [GeneratedRegex("/images/([0-9a-f]{32}-20x20)")]
    private static partial Regex ImageName();

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
