using Microsoft.AspNetCore.Html;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Pybo.Data;

namespace Pybo.Pages.Questions;

/// <summary>A text as it will be shown, by the same pipeline; members only, because rendering costs.</summary>
public sealed class Preview(MarkdownRenderer markdown) : PageModel
{
    /// <summary>Below the page's own heading.</summary>
    public const int TopHeading = 2;

    [BindProperty]
    public PreviewForm Input { get; set; } = new();

    public IHtmlContent Html { get; private set; } = HtmlString.Empty;

    public IActionResult OnGet() => NotFound();

    public IActionResult OnPost()
    {
        if (User.MemberId is null)
        {
            return StatusCode(StatusCodes.Status401Unauthorized);
        }

        var body = FormText.Lines(Input.Body);
        Html = markdown.Render(body.Length > Question.BodyMax ? body[..Question.BodyMax] : body, TopHeading);
        return Page();
    }

    public sealed class PreviewForm
    {
        public string? Body { get; set; }
    }
}
