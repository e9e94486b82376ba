using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Pybo.Data;
using Pybo.Pages.Images;
using SkiaSharp;

namespace Pybo.Tests.Pages.Images;

public sealed class ImageTests
{
    private const string Form = "/images/new";

    [Fact]
    public async Task An_uploaded_image_is_sent_with_the_type_of_its_content_and_shown_in_a_post()
    {
        await using var site = new PyboSite();
        var member = await site.SignUpAsync("홍길동");
        var (address, markdown) = await UploadAsync(member, TestImages.Make(SKEncodedImageFormat.Jpeg, 1_200, 600), "결과 [1].svg");
        Assert.Matches("^/images/[0-9a-f]{32}-1200x600$", address);
        Assert.Equal($"![결과 \\[1\\].svg]({address})", markdown);

        using var answer = await site.Visit().Http.GetAsync(new Uri(address, UriKind.Relative));
        Assert.Equal("image/jpeg", answer.Content.Headers.ContentType!.ToString());
        Assert.Equal("default-src 'none'; sandbox; frame-ancestors 'none'", Assert.Single(answer.Headers.GetValues("Content-Security-Policy")));
        Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal("inline", Assert.Single(answer.Content.Headers.GetValues("Content-Disposition")));
        Assert.Equal("public, max-age=31536000, immutable", Assert.Single(answer.Headers.GetValues("Cache-Control")));
        using var small = SKBitmap.Decode(await member.Http.GetByteArrayAsync(new Uri(address + "/small", UriKind.Relative)));
        Assert.Equal(800, small.Width);

        using var asked = await member.PostFormAsync("/questions/ask", [new("Input.Title", "그림"), new("Input.Body", markdown)]);
        var shown = (await site.Visit().SeeAsync(asked.Headers.Location!.ToString())).QuerySelector("article.question .prose img")!;
        Assert.Equal((address, "결과 [1].svg", "1200", "600", "lazy"), (shown.GetAttribute("src"), shown.GetAttribute("alt"), shown.GetAttribute("width"), shown.GetAttribute("height"), shown.GetAttribute("loading")));
        Assert.Equal(address, shown.ParentElement!.GetAttribute("href"));
        Assert.Contains($"{address}/small 800w", shown.GetAttribute("srcset"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_known_image_is_not_sent_again_and_head_sends_no_bytes()
    {
        await using var site = new PyboSite();
        var member = await site.SignUpAsync("홍길동");
        var (address, _) = await UploadAsync(member, TestImages.Make(SKEncodedImageFormat.Png, 20, 20), "그림.png");
        using var first = await member.Http.GetAsync(new Uri(address, UriKind.Relative));
        using var again = new HttpRequestMessage(HttpMethod.Get, new Uri(address, UriKind.Relative));
        again.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        using var known = await member.Http.SendAsync(again);
        Assert.Equal(HttpStatusCode.NotModified, known.StatusCode);
        using var asked = new HttpRequestMessage(HttpMethod.Head, new Uri(address, UriKind.Relative));
        using var head = await member.Http.SendAsync(asked);
        Assert.Equal((HttpStatusCode.OK, first.Content.Headers.ContentLength), (head.StatusCode, head.Content.Headers.ContentLength));
        Assert.Empty(await head.Content.ReadAsByteArrayAsync());
        await member.SeeAsync("/images/0123456789abcdef0123456789abcdef-20x20", HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("ko", "다른 형식")]
    [InlineData("en", "another format")]
    public async Task A_file_of_another_format_is_refused_in_the_language_of_its_sender(string language, string words)
    {
        await using var site = new PyboSite();
        var member = await site.SignUpAsync("홍길동");
        member.Http.DefaultRequestHeaders.Add("Accept-Language", language);
        using var svg = await PostAsync(member, "/images", "<svg onload='alert(1)'/>"u8.ToArray(), "그림.png", "image/png");
        Assert.Equal((HttpStatusCode.UnsupportedMediaType, "text/plain"), (svg.StatusCode, svg.Content.Headers.ContentType!.MediaType));
        Assert.Contains(words, await svg.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        using var page = await PostAsync(member, Form, "<!DOCTYPE html>"u8.ToArray(), "그림.jpg", "image/jpeg");
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, page.StatusCode);
        Assert.Contains(words, (await Visitor.ReadAsync(page)).QuerySelector("[role=alert]")!.TextContent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ko")]
    [InlineData("en")]
    public async Task Every_fault_is_explained(string language)
    {
        await using var site = new PyboSite();
        var member = await site.SignUpAsync("홍길동");
        member.Http.DefaultRequestHeaders.Add("Accept-Language", language);
        var png = TestImages.Make(SKEncodedImageFormat.Png, 30, 30);
        byte[][] files = [[], png[..40], TestImages.Claiming(png, 10_000, 10_000), [.. png, .. new byte[ImageReencoder.BytesMax - png.Length + 1]]];
        HashSet<string> reasons = [];
        foreach (var file in files)
        {
            using var answer = await PostAsync(member, "/images", file, "그림.png");
            Assert.True(answer.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.RequestEntityTooLarge, answer.StatusCode.ToString());
            var reason = await answer.Content.ReadAsStringAsync();
            Assert.Equal(language == "ko", reason.Any(c => c is >= '가' and <= '힣'));
            Assert.True(reasons.Add(reason), reason);
        }
    }

    [Fact]
    public async Task The_page_without_script_shows_what_to_paste()
    {
        await using var site = new PyboSite();
        var member = await site.SignUpAsync("홍길동");
        using var answer = await PostAsync(member, Form, TestImages.Gif(), "점.gif");
        var page = await Visitor.ReadAsync(answer);
        Assert.Matches(@"^!\[점\.gif\]\(/images/[0-9a-f]{32}-1x1\)$", page.QuerySelector("#image-markdown")!.GetAttribute("value")!);
        using var none = await member.PostFormAsync(Form, []);
        Assert.Equal(HttpStatusCode.BadRequest, none.StatusCode);
        Assert.NotNull((await Visitor.ReadAsync(none)).QuerySelector("[role=alert]"));
        foreach (var form in new[] { "/questions/ask" })
        {
            Assert.NotNull((await member.SeeAsync(form)).QuerySelector($"a[href='{Form}']"));
        }
    }

    [Fact]
    public async Task Only_a_member_with_the_forms_token_uploads()
    {
        await using var site = new PyboSite();
        var member = await site.SignUpAsync("홍길동");
        using var content = Content(TestImages.Gif(), "a.gif", token: null, "image/gif");
        using var forged = await member.Http.PostAsync(new Uri("/images", UriKind.Relative), content);
        Assert.Equal(HttpStatusCode.BadRequest, forged.StatusCode);
        var visitor = site.Visit();
        var token = await TokenAsync(visitor, "/account/login");
        using var same = Content(TestImages.Gif(), "a.gif", token, "image/gif");
        using var refused = await visitor.Http.PostAsync(new Uri("/images", UriKind.Relative), same);
        Assert.StartsWith("/account/login", refused.Headers.Location!.ToString(), StringComparison.Ordinal);
        await using var db = site.CreateDbContext();
        Assert.Equal(0, await db.Images.CountAsync());
    }

    [Fact]
    public async Task A_longer_request_is_refused_before_it_is_read()
    {
        await using var site = new PyboSite();
        var member = await site.SignUpAsync("홍길동");
        using var answer = await PostAsync(member, "/images", new byte[ImageIntake.RequestBytesMax + 1], "a.png");
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
    }

    [Theory]
    [InlineData(ImageQueries.PerDayMax, 1L, 0, HttpStatusCode.TooManyRequests)]
    [InlineData(ImageQueries.PerDayMax - 1, 1L, 0, HttpStatusCode.Created)]
    [InlineData(ImageQueries.PerDayMax, 1L, 25, HttpStatusCode.Created)]
    [InlineData(1, ImageQueries.BytesPerMemberMax, 25, HttpStatusCode.RequestEntityTooLarge)]
    [InlineData(1, ImageQueries.BytesPerMemberMax - 10_000, 25, HttpStatusCode.Created)]
    public async Task A_member_has_a_quota_for_a_day_and_for_all_images(int images, long length, int hoursAgo, HttpStatusCode expected)
    {
        await using var site = new PyboSite();
        var member = await site.SignUpAsync("홍길동");
        await using (var db = site.CreateDbContext())
        {
            var owner = await db.Users.Select(u => u.Id).SingleAsync();
            db.Images.AddRange(Enumerable.Range(0, images).Select(_ => Stored(owner, length, hoursAgo)));
            await db.SaveChangesAsync();
        }

        using var answer = await PostAsync(member, "/images", TestImages.Gif(), "a.gif");
        Assert.Equal(expected, answer.StatusCode);
    }

    [Fact]
    public async Task Images_have_a_rate_limit_of_their_own()
    {
        await using var site = new PyboSite().WithSetting("Pybo:PostsPerMinute", "2");
        var member = await site.SignUpAsync("홍길동");
        foreach (var expected in new[] { HttpStatusCode.Created, HttpStatusCode.Created, HttpStatusCode.TooManyRequests })
        {
            using var answer = await PostAsync(member, "/images", TestImages.Gif(), "a.gif");
            Assert.Equal(expected, answer.StatusCode);
        }

        using var asked = await member.PostFormAsync("/questions/ask", [new("Input.Title", "제목"), new("Input.Body", "글")]);
        Assert.Equal(HttpStatusCode.Redirect, asked.StatusCode);
    }

    [Fact]
    public async Task A_full_site_takes_no_image()
    {
        await using var site = new PyboSite().WithSetting("Pybo:DatabaseMegabytes", "1");
        var member = await site.SignUpAsync("홍길동");
        await using (var db = site.CreateDbContext())
        {
            db.Images.Add(Stored(await db.Users.Select(u => u.Id).SingleAsync(), 1, 0, new byte[1_000_000]));
            await db.SaveChangesAsync();
        }

        using var answer = await PostAsync(member, "/images", TestImages.Gif(), "a.gif");
        Assert.Equal(HttpStatusCode.InsufficientStorage, answer.StatusCode);
    }

    internal static Image Stored(long owner, long length, double hoursAgo, byte[]? bytes = null) => new()
    {
        Name = Image.NewName(1, 1),
        OwnerId = owner,
        Kind = ImageKind.Png,
        Width = 1,
        Height = 1,
        Length = length,
        Bytes = bytes ?? [1],
        CreatedAt = DateTime.UtcNow.AddHours(-hoursAgo),
    };

    private static async Task<(string Address, string Markdown)> UploadAsync(Visitor member, byte[] file, string name)
    {
        using var answer = await PostAsync(member, "/images", file, name);
        Assert.True(answer.StatusCode == HttpStatusCode.Created, await answer.Content.ReadAsStringAsync());
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return (json.RootElement.GetProperty("address").GetString()!, json.RootElement.GetProperty("markdown").GetString()!);
    }

    private static async Task<HttpResponseMessage> PostAsync(Visitor member, string url, byte[] file, string name, string type = "application/octet-stream")
    {
        using var content = Content(file, name, await TokenAsync(member, Form), type);
        return await member.Http.PostAsync(new Uri(url, UriKind.Relative), content);
    }

    private static MultipartFormDataContent Content(byte[] file, string name, string? token, string type)
    {
        var part = new ByteArrayContent(file);
        part.Headers.ContentType = new MediaTypeHeaderValue(type);
        var content = new MultipartFormDataContent { { part, "file", name } };
        if (token is not null)
        {
            content.Add(new StringContent(token, Encoding.UTF8), "__RequestVerificationToken");
        }

        return content;
    }

    private static async Task<string> TokenAsync(Visitor member, string page) => (await member.SeeAsync(page)).QuerySelector("input[name=__RequestVerificationToken]")!.GetAttribute("value")!;
}
