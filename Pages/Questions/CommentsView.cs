using Microsoft.AspNetCore.Html;
using Pybo.Data;

namespace Pybo.Pages.Questions;

/// <summary>The comments below one post of a question's page: the model of <c>_Comments</c>.</summary>
/// <param name="Post">The post.</param>
/// <param name="Comments">Oldest first.</param>
/// <param name="DeleteAddress">The address that the forms for deleting post to.</param>
/// <param name="Render">Returns a comment's text.</param>
/// <param name="Draft">The reader's draft of a comment; null for none.</param>
/// <param name="IsWritable">False if the thread is locked for the reader.</param>
public sealed record CommentsView(CommentedPost Post, IReadOnlyList<CommentRow> Comments, string DeleteAddress, Func<CommentRow, IHtmlContent> Render, string? Draft, bool IsWritable)
{
    /// <summary>Precedes the ids of elements, which a page has once.</summary>
    public string Name => Post.AnswerId is { } answer ? $"answer-{answer}-comment" : "question-comment";

    public string CreateAddress => Pages.Comments.Create.AddressOf(Post);

    public bool IsFull => Comments.Count >= Comment.PerPostMax;
}
