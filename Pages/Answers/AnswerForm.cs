using System.ComponentModel.DataAnnotations;
using Pybo.Data;
using Pybo.Pages.Resources;

namespace Pybo.Pages.Answers;

/// <summary>The form for a new or edited answer.</summary>
public sealed class AnswerForm
{
    [Required(ErrorMessageResourceType = typeof(BoardWords), ErrorMessageResourceName = nameof(BoardWords.AnswerRequired))]
    [StringLength(Answer.BodyMax, ErrorMessageResourceType = typeof(BoardWords), ErrorMessageResourceName = nameof(BoardWords.BodyTooLong))]
    public string? Body { get; set => field = FormText.Lines(value); }
}
