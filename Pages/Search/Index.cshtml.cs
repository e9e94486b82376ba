using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Pybo.Data;
using Pybo.Pages.Resources;
using Pybo.Rag.Chat;
using Pybo.Rag.Retrieval;

namespace Pybo.Pages.Search;

/// <summary>Searches everything the reader may see, by words and by meaning: <c>/search?q=&amp;kind=&amp;page=</c>.</summary>
public sealed class Index(Retriever retriever) : PageModel
{
    /// <summary>Each result is read whole for the floor, so a page costs as much as all results do.</summary>
    public const int ResultsMax = 40;

    public const int ResultsPerPage = 20;
    private const int SnippetLengthMax = 220;

    public static IReadOnlyList<(PassageKind? Kind, string? Name, string Label)> Kinds =>
    [
        (null, null, CommonWords.All),
        (PassageKind.Question, "question", ChatWords.Question),
        (PassageKind.Answer, "answer", ChatWords.Answer),
        (PassageKind.Comment, "comment", ChatWords.Comment),
        (PassageKind.Document, "document", ChatWords.Document),
    ];

    public string Query { get; private set; } = "";
    public PassageKind? Kind { get; private set; }
    public IReadOnlyList<Result> Results { get; private set; } = [];

    /// <summary>The number of results on all pages.</summary>
    public int Count { get; private set; }

    public Pager Pager { get; private set; } = null!;

    /// <summary>The reason why only words were searched; null if meaning was searched too.</summary>
    public string? Note { get; private set; }

    /// <summary>The question as it was searched if words of it were rewritten; otherwise null.</summary>
    public string? SearchedFor { get; private set; }

    public async Task OnGetAsync([FromQuery(Name = "q")] string? query, [FromQuery] string? kind, [FromQuery(Name = "page")] int page, CancellationToken ct)
    {
        Query = (query ?? "").Trim();
        Kind = Kinds.FirstOrDefault(k => k.Name == kind).Kind;
        if (Query.Length == 0)
        {
            return;
        }

        var found = (await retriever.RetrieveAsync(Query, new Viewer(User.MemberId), ResultsMax, Kind, ct)).AboveFloor();
        Count = found.Hits.Count;
        var last = Math.Max(1, (Count + ResultsPerPage - 1) / ResultsPerPage);
        Pager = new(Math.Clamp(page, 1, last), last, BoardWords.ResultPages, number => AddressOf(kind, number));
        var words = KoreanText.Words(found.Question);
        SearchedFor = found.IsRespelt ? found.Question : null;
        Note = found.Note is { } note ? NoticeWords.Of(note) : null;
        Results = [.. found.Hits.Skip((Pager.Page - 1) * ResultsPerPage).Take(ResultsPerPage).Select(hit => new Result(hit.Kind, Snippet.Make(hit.Title, words, null, Document.TitleMax), hit.Heading, hit.Path, SourceUrl.Of(hit), Snippet.Make(
            hit.Text, words, hit.BestStart is { } start ? (start, hit.BestLength ?? 0) : null, SnippetLengthMax)))];
    }

    public string AddressOf(string? kind, int page = 1) =>
        Address.Of("/search", ("q", Query), ("kind", kind), ("page", page > 1 ? page.ToString(CultureInfo.InvariantCulture) : null));

    public static string Label(PassageKind kind) => Kinds.First(k => k.Kind == kind).Label;

    public sealed record Result(PassageKind Kind, Snippet Title, string? Heading, string? Path, string Url, Snippet Snippet);
}
