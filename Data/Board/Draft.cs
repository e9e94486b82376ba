using System.Globalization;
using System.Text.RegularExpressions;

namespace Pybo.Data;

/// <summary>A text that a member has begun to write: one for each new question, answer or comment.</summary>
public sealed class Draft
{
    /// <summary>The most drafts of one member; the oldest makes room for a new one.</summary>
    public const int PerMemberMax = 50;

    public const int TargetMax = 40;

    public required long MemberId { get; init; }
    public User? Member { get; init; }

    /// <summary><see cref="DraftTarget.ToString"/>.</summary>
    public required string Target { get; init; }

    public required string Title { get; set; }
    public required string Body { get; set; }
    public required string Tags { get; set; }
    public DateTime SavedAt { get; set; } = DateTime.UtcNow;
}

/// <summary>What a draft becomes: a question, an answer to a question, or a comment on a post.</summary>
public readonly partial record struct DraftTarget
{
    private const string QuestionName = "question";
    private const string AnswerName = "answer";
    private const string QuestionCommentName = "question-comment";
    private const string AnswerCommentName = "answer-comment";

    private DraftTarget(string kind, long id) => (Kind, Id) = (kind, id);

    private string Kind { get; }
    private long Id { get; }

    public static DraftTarget NewQuestion { get; } = new(QuestionName, 0);

    /// <summary>The question that is answered; null for another draft.</summary>
    public long? AnsweredQuestion => Kind == AnswerName ? Id : null;

    /// <summary>The post that is commented on; null for another draft.</summary>
    public CommentedPost? Commented => Kind switch
    {
        QuestionCommentName => CommentedPost.Question(Id),
        AnswerCommentName => CommentedPost.Answer(Id),
        _ => null,
    };

    public static DraftTarget AnswerTo(long questionId) => new(AnswerName, questionId);

    public static DraftTarget CommentOn(CommentedPost post) => post.AnswerId is { } answer ? new(AnswerCommentName, answer) : new(QuestionCommentName, post.QuestionId!.Value);

    /// <summary>Reads <see cref="ToString"/>; null for any other text.</summary>
    public static DraftTarget? Parse(string? written) => written switch
    {
        QuestionName => NewQuestion,
        { Length: <= Draft.TargetMax } when Written().Match(written) is { Success: true } match && long.TryParse(match.Groups[2].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var id) => new(match.Groups[1].Value, id),
        _ => null,
    };

    public override string ToString() => Kind == QuestionName ? QuestionName : string.Create(CultureInfo.InvariantCulture, $"{Kind}-{Id}");

    [GeneratedRegex("^(answer|question-comment|answer-comment)-([1-9][0-9]{0,18})$", RegexOptions.CultureInvariant)]
    private static partial Regex Written();
}
