using System.Text;
using Pybo.Rag.Documents;

namespace Pybo.Tests.Rag.Documents.Html;

/// <summary>What a page folds is content if a reader can open it; what nothing opens stays hidden.</summary>
public sealed class HtmlPanelsTests
{
    [Theory]
    [InlineData("<button aria-expanded=false aria-controls=p>물음</button><div id=p hidden>펼침</div>")]
    [InlineData("<h3><button aria-expanded=false>물음</button></h3><div hidden>펼침</div>")]
    [InlineData("<button aria-expanded=false>물음</button><div style=display:none>펼침</div>")]
    [InlineData("<button data-bs-toggle=collapse data-bs-target='#p'>물음</button><div id=p class=collapse>펼침</div>")]
    [InlineData("<a data-toggle=collapse href='#p'>물음</a><div id=p class=collapse>펼침</div>")]
    [InlineData("<ul><li><a href='#p'>물음</a></ul><div id=p class=collapse>펼침</div>")]
    [InlineData("<a href='#' onclick=\"toggle('p')\">물음</a><p>사이</p><div id=p class=collapse>펼침</div>")]
    [InlineData("<a href=\"javascript:show('p')\">물음</a><p>사이</p><div id=p class=collapse>펼침</div>")]
    [InlineData("<div onclick='open(this)'>물음</div><div class=collapse>펼침</div>")]
    [InlineData("<div class=faq-title>물음</div><div class=collapse>펼침</div>")]
    [InlineData("<button class=collapsible>물음</button><div class=collapse>펼침</div>")]
    [InlineData("<input type=checkbox id=c><label for=c>물음</label><div class=collapse>펼침</div>")]
    [InlineData("<div role=tablist><button role=tab id=t>물음</button></div><p>사이</p><div role=tabpanel aria-labelledby=t hidden>펼침</div>")]
    [InlineData("<button id=b aria-expanded=false>물음</button><p>사이</p><section aria-labelledby=b hidden>펼침</section>")]
    [InlineData("<div role=tabpanel aria-hidden=true>펼침</div>")]
    [InlineData("<button popovertarget=p>물음</button><p>사이</p><div popover id=p>펼침</div>")]
    [InlineData("<button commandfor=p command=show-modal>물음</button><p>사이</p><dialog id=p>펼침</dialog>")]
    [InlineData("<div id=p class=collapse>펼침</div><button aria-controls=p>물음</button>")]
    [InlineData("<div id=p style='max-height:0;overflow:hidden'>펼침</div><a href='#p'>물음</a>")]
    [InlineData("<details><summary>물음</summary>펼침</details>")]
    public void A_panel_that_a_reader_can_open_is_read(string html)
    {
        var text = Read(html);
        Assert.Contains("펼침", text, StringComparison.Ordinal);
        Assert.Equal(html.Contains("물음", StringComparison.Ordinal), text.Contains("물음", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("<div id=p hidden>숨김</div>")]
    [InlineData("<button aria-controls=p hidden>물음</button><div id=p hidden>숨김</div>")]
    [InlineData("<a href='#p'></a><div id=p hidden>숨김</div>")]
    [InlineData("<a href='#p' style='color:#fff'>물음</a><div id=p hidden>숨김</div>")]
    [InlineData("<div hidden><button aria-controls=p>물음</button></div><div id=p hidden>숨김</div>")]
    [InlineData("<div id=p hidden>숨김</div><div hidden><button aria-controls=p>물음</button></div>")]
    [InlineData("<button aria-expanded=false>물음</button><p>사이</p><div hidden>숨김</div>")]
    [InlineData("<button aria-expanded=false>물음</button><div hidden>펼침</div><div hidden>숨김</div>")]
    [InlineData("<button aria-haspopup=menu aria-controls=p>물음</button><ul id=p hidden><li>숨김</ul>")]
    [InlineData("<button data-bs-toggle=dropdown data-bs-target='#p'>물음</button><ul id=p hidden><li>숨김</ul>")]
    [InlineData("<button aria-controls=p>물음</button><nav id=p hidden>숨김</nav>")]
    [InlineData("<label for=c>물음</label><input id=c><div hidden>숨김</div>")]
    [InlineData("<button>저장</button><p hidden>숨김</p>")]
    [InlineData("<button aria-controls=p>물음</button><div id=p hidden>펼침<span style='color:#fff'>숨김</span><b hidden>숨김</b></div>")]
    public void What_nothing_visible_opens_stays_hidden(string html) => Assert.DoesNotContain("숨김", Read(html), StringComparison.Ordinal);

    private static string Read(string html)
    {
        var document = DocumentReader.ReadFile(Encoding.UTF8.GetBytes($"<html><head><style>.collapse{{display:none}}</style></head><body><p>앞</p>{html}<p>뒤</p>"), "쪽.html");
        DocumentReaderContract.AssertShape(document);
        return document.Text;
    }
}
