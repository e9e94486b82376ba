namespace Pybo.Pages.Questions;

/// <summary>A post's votes, with the form for one's own.</summary>
/// <param name="Name">The form's name on its page, by which the script finds the form again in the server's answer.</param>
/// <param name="Action">Where the form is sent.</param>
/// <param name="AnswerId">The answer; null for the question.</param>
/// <param name="Count">All votes.</param>
/// <param name="IsVoted">True if the reader has voted, and may take the vote back.</param>
/// <param name="IsOwn">True if the post is the reader's, who may not vote.</param>
public sealed record VoteView(string Name, string Action, long? AnswerId, int Count, bool IsVoted, bool IsOwn);
