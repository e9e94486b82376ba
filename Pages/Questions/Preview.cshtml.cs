using Microsoft.AspNetCore.Html;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.RateLimiting;
using Pybo.Data;
using Pybo.Pages.Security;

namespace Pybo.Pages.Questions;

/// <summary>Previews a text with the same pipeline that shows it; needs a member and a token, and is rate-limited like posting, because rendering costs.</summary>
[EnableRateLimiting(RequestLimits.Preview)]
public sealed class Preview(MarkdownRenderer markdown) : PageModel
{
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

        Html = markdown.Render(FormText.Lines(Input.Body).Cut(Question.BodyMax), PostHtml.QuestionHeading);
        return Page();
    }

    public sealed class PreviewForm
    {
        public string? Body { get; set; }
    }
}
