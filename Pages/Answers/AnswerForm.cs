using System.ComponentModel.DataAnnotations;
using Pybo.Data;

namespace Pybo.Pages.Answers;

/// <summary>An answer as it is written or changed.</summary>
public sealed class AnswerForm
{
    [Required(ErrorMessage = BoardMessages.AnswerRequired)]
    [StringLength(Answer.BodyMax, ErrorMessage = BoardMessages.BodyTooLong)]
    public string? Body { get; set => field = FormText.Lines(value); }
}
