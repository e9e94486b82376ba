using System.Text;
using Pybo.Rag.Documents;

namespace Pybo.Tests.Rag.Documents.Html;

/// <summary>Text that style sheets, attributes and colours hide from a person is not read; text that they only colour is.</summary>
public sealed class HtmlStylesTests
{
    [Theory]
    [InlineData("color:#fff")]
    [InlineData("color:white")]
    [InlineData("COLOR : WHITE ! important")]
    [InlineData("color:#FEFEFE")]
    [InlineData("color:#fffffff0")]
    [InlineData("color:rgb(255,255,255)")]
    [InlineData("color:rgb(100% 100% 100% / 90%)")]
    [InlineData("color:rgba(0,0,0,.02)")]
    [InlineData("color:hsl(120deg 100% 100%)")]
    [InlineData("color:hwb(0 100% 0%)")]
    [InlineData("color:lab(100% 0 0)")]
    [InlineData("color:oklch(1 0 0)")]
    [InlineData("color:color(srgb 1 1 1)")]
    [InlineData("color:color-mix(in srgb, white, #fff 30%)")]
    [InlineData("color:light-dark(white, black)")]
    [InlineData("color:transparent")]
    [InlineData("c\\6f lor:w\\68ite")]
    [InlineData("col/**/or:red;color:/*x*/white/*y*/")]
    [InlineData("color:white;color:not-a-colour")]
    [InlineData("--w:#fff;color:var(--w)")]
    [InlineData("--a:var(--b);--b:#fff;color:var(--a)")]
    [InlineData("color:var(--none,#fff)")]
    [InlineData("-webkit-text-fill-color:#fff")]
    [InlineData("background:#000;color:#000")]
    [InlineData("background-color:#336699;color:#34689a")]
    [InlineData("background:black;color:#0b0b0b")]
    [InlineData("background:linear-gradient(90deg,#fff,#fefefe);color:white")]
    [InlineData("background:rgba(255,255,255,.5);color:white")]
    [InlineData("background:#000;background:none;color:white")]
    [InlineData("color:white;text-shadow:0 0 2px white")]
    [InlineData("color:white;text-shadow:9999px 0 black")]
    [InlineData("opacity:0")]
    [InlineData("opacity:.01")]
    [InlineData("opacity:1%")]
    [InlineData("filter:opacity(0)")]
    [InlineData("font-size:0")]
    [InlineData("font-size:1px")]
    [InlineData("font-size:.05em")]
    [InlineData("font-size:calc(2px - 1px)")]
    [InlineData("font:0/0 a")]
    [InlineData("font:italic 1px/2 serif")]
    [InlineData("zoom:.01")]
    [InlineData("text-indent:-9999px")]
    [InlineData("text-indent:-100em")]
    [InlineData("position:absolute;left:-9999px")]
    [InlineData("position:fixed;top:-300vh")]
    [InlineData("position:relative;inset:0 0 0 -5000px")]
    [InlineData("position:absolute;right:99999px")]
    [InlineData("margin-left:-9999px")]
    [InlineData("margin:0 0 0 -200rem")]
    [InlineData("transform:translate(-9999px, 0)")]
    [InlineData("transform:rotate(3deg) scale(0)")]
    [InlineData("transform:matrix(0,0,0,0,0,0)")]
    [InlineData("scale:0")]
    [InlineData("translate:-5000px")]
    [InlineData("position:absolute;clip:rect(0 0 0 0)")]
    [InlineData("position:absolute;clip:rect(1px, 1px, 1px, 1px)")]
    [InlineData("clip-path:inset(50%)")]
    [InlineData("clip-path:inset(0 100% 0 0)")]
    [InlineData("clip-path:circle(0)")]
    [InlineData("clip-path:polygon(0 0, 0 0, 0 0)")]
    [InlineData("display:inline-block;width:1px;height:1px;overflow:hidden")]
    [InlineData("max-height:0;overflow:hidden")]
    [InlineData("content-visibility:hidden")]
    [InlineData("display:none")]
    [InlineData("visibility:hidden")]
    public void Words_that_a_style_hides_are_not_read(string style)
    {
        Assert.Equal("앞 뒤", Read($"<html><body>앞 <span style=\"{style}\">숨김</span> 뒤"));
        Assert.Equal("앞 뒤", Read($"<!doctype html><html><head><style>.x {{ {style} }}</style></head><body>앞 <span class=x>숨김</span> 뒤"));
    }

    [Theory]
    [InlineData("color:#eee;background:#333")]
    [InlineData("color:white;background:navy")]
    [InlineData("color:white;background-color:rgb(0 0 0 / .6)")]
    [InlineData("color:white;background:url(dunkel.jpg) center / cover")]
    [InlineData("color:white;background-image:linear-gradient(red, blue)")]
    [InlineData("color:white;text-shadow:0 0 3px #000")]
    [InlineData("color:white;-webkit-text-stroke:1px black")]
    [InlineData("color:red;background:#00f")]
    [InlineData("color:#ccc")]
    [InlineData("color:rgba(0,0,0,.4)")]
    [InlineData("color:white;color:black")]
    [InlineData("color:black !important;color:white")]
    [InlineData("color:initial")]
    [InlineData("background:white")]
    [InlineData("background:linear-gradient(red,blue);-webkit-background-clip:text;-webkit-text-fill-color:transparent")]
    [InlineData("opacity:.5")]
    [InlineData("font-size:.8em")]
    [InlineData("font-size:9px")]
    [InlineData("font:600 14px/1.5 sans-serif")]
    [InlineData("text-indent:2em")]
    [InlineData("position:relative;left:-20px")]
    [InlineData("position:absolute;top:123456px")]
    [InlineData("margin-left:-1em")]
    [InlineData("transform:translateY(40000px)")]
    [InlineData("transform:scale(.9)")]
    [InlineData("clip-path:inset(1px)")]
    [InlineData("height:0")]
    [InlineData("overflow:hidden;width:100px")]
    [InlineData("visibility:visible")]
    [InlineData("--a:var(--b);--b:var(--a);color:var(--a)")]
    [InlineData("color:")]
    [InlineData("color:white")] // On the dark box around it
    public void Words_that_a_style_only_colours_are_read(string style)
    {
        var (before, after) = style == "color:white" ? ("<div style='background:#111'>", "</div>") : ("", "");
        Assert.Contains("보임", Read($"<html><body>{before}<span style=\"{style}\">보임</span>{after}"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("p{color:#fff}")]
    [InlineData("p , q{color:#fff}")]
    [InlineData("*{color:#fff}")]
    [InlineData("body>p{color:#fff}")]
    [InlineData("html p#i{color:#fff}")]
    [InlineData("#i{color:#fff}")]
    [InlineData("#I{color:#fff}")]
    [InlineData(".a.b{color:#fff}")]
    [InlineData("[data-x]{color:#fff}")]
    [InlineData("p[data-x=\"y z\"]{color:#fff}")]
    [InlineData("p[class~=b]{color:#fff}")]
    [InlineData("p:not(.c){color:#fff}")]
    [InlineData(":is(.q, .b){color:#fff}")]
    [InlineData("h1 + p{color:#fff}")]
    [InlineData("p:nth-child(2){color:#fff}")]
    [InlineData("p:nth-child(2n){color:#fff}")]
    [InlineData("body{color:#fff}")]
    [InlineData(":root{--w:#fff} p{color:var(--w)}")]
    [InlineData("p{color:#fff!important} #i{color:#000}")]
    [InlineData("p{color:#000} .a{color:#fff}")]
    [InlineData(".a{color:#fff} p{color:#000}")]
    [InlineData("@layer x{#i{color:#000}} p{color:#fff}")]
    [InlineData("@media screen{p{color:#fff}}")]
    [InlineData("@media (min-width:600px) and (max-width:2000px){p{color:#fff}}")]
    [InlineData("@media (600px <= width){p{color:#fff}}")]
    [InlineData("p::after{content:'<<< </sty <p>'} p{color:#fff}")]
    [InlineData("@media not print{p{color:#fff}}")]
    [InlineData("@supports (display:grid){p{color:#fff}}")]
    [InlineData("body{& p{color:#fff}}")]
    [InlineData("body{p{color:#fff} }")]
    [InlineData("body{color:red;> .a{color:#fff}}")]
    [InlineData("@charset 'utf-8';@import url(x.css);p{color:#fff}")]
    [InlineData("broken { { } x} p{color:#fff}")]
    [InlineData("\\70{color:#fff}")]
    [InlineData("p{color:#fff")]
    public void A_sheet_is_read_as_a_browser_reads_it(string css)
    {
        const string body = "<body><h1 style='color:black'>제목</h1><p id=i class='a b' data-x='y z'>숨김</p><div style='color:#111'>뒤</div>";
        Assert.Equal("제목\n\n뒤", Read($"<html><head><style>{css}</style></head>{body}"));
        // It counts at the end as well, also in a page that omits its outer tags.
        Assert.Equal("제목\n\n뒤", Read($"<!doctype html>{body["<body>".Length..]}<style>{css}</style>"));
    }

    [Theory]
    [InlineData("@media print{p{color:#fff}}")]
    [InlineData("@media (max-width:600px){p{display:none}}")]
    [InlineData("@media (prefers-color-scheme:dark){p{color:#fff}}")]
    [InlineData("p:hover{display:none}")]
    [InlineData("p::before{display:none}")]
    [InlineData(".other{color:#fff}")]
    [InlineData("p.other, div>p{color:#fff}")]
    [InlineData("p{color:#fff} #i{color:#222}")]
    [InlineData("p{color:#fff} p{color:#222}")]
    [InlineData("p{color:#222!important} #i{color:#fff}")]
    [InlineData("/* p{color:#fff} */")]
    [InlineData("p:not(.a){color:#fff}")]
    [InlineData("@font-face{font-family:x} @keyframes y{from{opacity:0}}")]
    [InlineData("body{background:#111;color:#eee}")]
    [InlineData("html{background:#111} body{color:#fff}")]
    [InlineData(":root{color-scheme:dark} p{color:#fff}")]
    public void A_sheet_that_hides_nothing_loses_no_word(string css) =>
        Assert.Contains("보임", Read($"<html><head><style>{css}</style></head><body><h1>제목</h1><p id=i class=a>보임</p>"), StringComparison.Ordinal);

    [Theory]
    [InlineData("<font color=white>숨김</font>")]
    [InlineData("<font color='#FFFFFF'>숨김</font>")]
    [InlineData("<font color=ffffff>숨김</font>")]
    [InlineData("<table bgcolor=black><tr><td><font color=black>숨김</font></td></tr></table>")]
    [InlineData("<div style='color:white'><b><i>숨김</i></b></div>")]
    [InlineData("<p style=visibility:hidden>숨김<span>숨김</span></p>")]
    [InlineData("<div style='opacity:0;background:black;color:white'>숨김</div>")]
    [InlineData("<style>a{color:white}</style><a href=x>숨김</a>")]
    [InlineData("<div style='background:url(x)'><div style='background:#fff'><span style='color:#fff'>숨김</span></div></div>")]
    [InlineData("<div style='position:absolute;color:#fff'>숨김</div>")]
    [InlineData("<style media=print>p{color:black}</style><p style='color:#fff'>숨김</p>")]
    [InlineData("<noscript><style>p{color:black!important}</style></noscript><p style='color:#fff'>숨김</p>")]
    [InlineData("<!-- <style>p{color:black!important}</style> --><p style='color:#fff'>숨김</p>")]
    [InlineData("<img alt=숨김 style=opacity:0>")]
    public void Colours_are_inherited_and_older_attributes_count(string hidden) => Assert.Equal("앞\n\n뒤", Read($"<html><body><div>앞</div>{hidden}<div style='color:black'>뒤</div>"));

    [Theory]
    [InlineData("<body bgcolor=black text=white><p>보임")]
    [InlineData("<table><tr bgcolor=#003><td><font color=#fff>보임</font></table>")]
    [InlineData("<td background=b.gif><font color=#fff>보임</font></td>")]
    [InlineData("<div style='color:white'><a href=x>보임</a></div>")]
    [InlineData("<div style='color:white'>숨김<span style='color:#000'>보임</span></div>")]
    [InlineData("<div style='visibility:hidden'>숨김<span style='visibility:visible'>보임</span></div>")]
    [InlineData("<div style='color:white'><mark>보임</mark></div>")]
    [InlineData("<div style='position:relative'><img src=a.jpg><div style='position:absolute;color:#fff'>보임</div></div>")]
    [InlineData("<meta name=color-scheme content=dark><p style='color:#fff'>보임")]
    [InlineData("<h1 style='background:linear-gradient(red,blue);background-clip:text;color:transparent'><span>보임</span></h1>")]
    [InlineData("<body style='visibility:hidden;opacity:0'><p>보임")]
    [InlineData("<style>title{color:#fff}*{color:#000}</style><p>보임")]
    public void Text_visible_on_its_background_is_read(string shown)
    {
        var text = Read($"<html>{shown}");
        Assert.Contains("보임", text, StringComparison.Ordinal);
        Assert.DoesNotContain("숨김", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a", "{}", 300_000)]
    [InlineData(".x", "", 300_000)]
    [InlineData("{", "", 500_000)]
    [InlineData("(", "", 500_000)]
    [InlineData("a:not(", "", 200_000)]
    [InlineData("@media(", "", 200_000)]
    [InlineData("@media x{", "", 200_000)]
    [InlineData("a{b{", "", 200_000)]
    [InlineData("a a ", "", 200_000)]
    [InlineData("/*", "", 500_000)]
    [InlineData("\\", "", 500_000)]
    [InlineData("'", "\n", 300_000)]
    [InlineData("p{color:var(--a);--a:var(--a)}", "", 10_000)]
    public void A_hostile_sheet_is_read_or_refused_with_a_message(string part, string between, int times)
    {
        var html = $"<html><style>{string.Concat(Enumerable.Repeat(part + between, times))}</style>{string.Concat(Enumerable.Repeat("<p class=x>글", 1_000))}";
        AssertReadOrRefused(html);
    }

    [Theory]
    [InlineData("p p p p p p p p p b{color:#fff}", "<p>", "<b>글</b>")]
    [InlineData("* * * * * * * * > i{color:#fff}", "<div>", "<i>글</i>")]
    [InlineData(":is(div *, * div, * * div):is(div *, * div):is(* *) u{color:#fff}", "<div>", "<u>글</u>")]
    public void Selectors_that_search_all_ancestors_end(string css, string around, string element)
    {
        var html = $"<html><style>{string.Concat(Enumerable.Repeat(css, 500))}</style>{string.Concat(Enumerable.Repeat(around, 400))}{string.Concat(Enumerable.Repeat(element, 8_000))}";
        AssertReadOrRefused(html);
    }

    [Theory]
    [InlineData("color:calc(((((((((((((((((((1)))))))))))))))))))")]
    [InlineData("width:calc(1px")]
    [InlineData("width:min(")]
    [InlineData("color:color-mix(color-mix(color-mix(color-mix(")]
    [InlineData("font-size:1e999px")]
    [InlineData("width:calc(1/0)")]
    [InlineData("color:rgb(1e400 0 0)")]
    [InlineData("text-indent:")]
    [InlineData("background:(((((")]
    [InlineData("clip:rect(")]
    [InlineData("transform:matrix(")]
    [InlineData("clip-path:polygon(")]
    public void A_broken_value_is_not_an_error(string style) => Assert.NotNull(Read($"<html><p style=\"{style}\">글"));

    [Fact]
    public void A_hundred_thousand_values_of_many_tokens_are_refused_in_time()
    {
        var value = string.Concat(Enumerable.Repeat("linear-gradient(", 200));
        AssertReadOrRefused($"<html><style>p{{{string.Concat(Enumerable.Repeat($"background:{value};", 200))}}}</style>{string.Concat(Enumerable.Repeat("<p>글", 100_000))}");
    }

    private static void AssertReadOrRefused(string html)
    {
        var refused = Record.Exception(() => DocumentReaderContract.AssertShape(DocumentReader.ReadFile(Encoding.UTF8.GetBytes(html), "a.html")));
        Assert.True(refused is null or DocumentUnreadableException, refused?.ToString());
    }

    private static string Read(string html) => DocumentReader.ReadFile(Encoding.UTF8.GetBytes(html), "a.html").Text;
}
