using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Pybo.Data;
using Pybo.Rag.Chat;
using Pybo.Rag.Retrieval;

namespace Pybo.Pages.Admin;

/// <summary>Shows what the chat finds for a question among the texts that the administrator may read, with its scores and its judgement.</summary>
[Authorize(Roles = Member.AdministratorRole)]
public sealed class Retrieval(Retriever retriever, SourceAddress addressOf) : PageModel
{
    public const int SnippetCharactersMax = 200;

    [FromQuery(Name = "q")]
    [StringLength(Turn.QuestionMax)]
    public string? Question { get; set; }

    /// <summary>Null without a question.</summary>
    public Findings? Found { get; private set; }

    public IReadOnlyList<SnippetPart> Marked(PassageHit hit) => Snippet.Make(hit.Text, Found!.Retrieval.AskingTerms, null, SnippetCharactersMax).Parts;

    public async Task OnGetAsync(CancellationToken ct)
    {
        if (ModelState.IsValid && !string.IsNullOrWhiteSpace(Question))
        {
            Found = await Findings.OfAsync(retriever, addressOf, Question, new Viewer(User.MemberId), ct);
        }
    }
}
