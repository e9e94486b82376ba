using System.ComponentModel.DataAnnotations;
using Pybo.Data;
using Pybo.Pages.Resources;

namespace Pybo.Pages.Comments;

/// <summary>The form for a new or edited comment.</summary>
public sealed class CommentForm
{
    [Required(ErrorMessageResourceType = typeof(BoardWords), ErrorMessageResourceName = nameof(BoardWords.CommentRequired))]
    [StringLength(Comment.BodyMax, ErrorMessageResourceType = typeof(BoardWords), ErrorMessageResourceName = nameof(BoardWords.CommentTooLong))]
    public string? Body { get; set => field = FormText.Lines(value); }
}
