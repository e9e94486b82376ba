using System.ComponentModel.DataAnnotations;
using Pybo.Data;

namespace Pybo.Pages.Questions;

/// <summary>A question as it is written or changed.</summary>
public sealed class QuestionForm
{
    [Required(ErrorMessage = BoardMessages.TitleRequired)]
    [StringLength(Question.TitleMax, ErrorMessage = BoardMessages.TitleTooLong)]
    public string? Title { get; set => field = FormText.Line(value); }

    [Required(ErrorMessage = BoardMessages.BodyRequired)]
    [StringLength(Question.BodyMax, ErrorMessage = BoardMessages.BodyTooLong)]
    public string? Body { get; set => field = FormText.Lines(value); }
}
