using System.ComponentModel.DataAnnotations;
using Pybo.Data;
using Pybo.Pages.Resources;

namespace Pybo.Pages.Questions;

/// <summary>The form for a new or edited question.</summary>
public sealed class QuestionForm
{
    [Required(ErrorMessageResourceType = typeof(BoardWords), ErrorMessageResourceName = nameof(BoardWords.TitleRequired))]
    [StringLength(Question.TitleMax, ErrorMessageResourceType = typeof(BoardWords), ErrorMessageResourceName = nameof(BoardWords.TitleTooLong))]
    public string? Title { get; set => field = FormText.Line(value); }

    [Required(ErrorMessageResourceType = typeof(BoardWords), ErrorMessageResourceName = nameof(BoardWords.BodyRequired))]
    [StringLength(Question.BodyMax, ErrorMessageResourceType = typeof(BoardWords), ErrorMessageResourceName = nameof(BoardWords.BodyTooLong))]
    public string? Body { get; set => field = FormText.Lines(value); }
}
