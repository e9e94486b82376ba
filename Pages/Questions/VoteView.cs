namespace Pybo.Pages.Questions;

/// <summary>A post's votes, with the form for one's own.</summary>
/// <param name="Name">The form's name on its page, by which the script finds the form again in the server's answer.</param>
/// <param name="Action">Where an up vote is sent, or taken back.</param>
/// <param name="DownAction">Where a down vote is sent, or taken back; null if the reader may not vote down.</param>
/// <param name="AnswerId">The answer; null for the question.</param>
/// <param name="Count">The up votes less the down votes.</param>
/// <param name="OwnVote">The reader's vote: 1, −1, or 0 for none.</param>
/// <param name="IsOwn">True if the post is the reader's, who may not vote.</param>
public sealed record VoteView(string Name, string Action, string? DownAction, long? AnswerId, int Count, int OwnVote, bool IsOwn);
