using System.Globalization;
using Pybo.Data;

namespace Pybo.Pages.Chat;

/// <summary>A question that a link puts into the box.</summary>
public sealed record QuestionChip(string Title, string Text);

/// <summary>The box for a question: the model of <c>_Ask</c>.</summary>
/// <param name="Action">Where it is sent, and where a chip's link leads.</param>
/// <param name="Scope">Null in a conversation, whose scope is fixed.</param>
/// <param name="Choices">Who answers, and how long.</param>
/// <param name="After">The turn that the question follows; null for a new conversation.</param>
public sealed record AskBox(ChatQuestion Input, string Label, string Action, ScopeChoice? Scope, AskChoices Choices, long? After, IReadOnlyList<QuestionChip> Chips)
{
    public const int StartersMax = 4;
    public const int FollowUpsMax = 3;

    /// <summary>Returns the administrators' presets; without any, questions of the board that have an answer.</summary>
    public static async Task<IReadOnlyList<QuestionChip>> StartersAsync(PyboDb db, Viewer viewer, CancellationToken ct)
    {
        var presets = await PresetsAsync(db, ct);
        return presets.Count > 0 ? presets : [.. (await db.AnsweredTitlesAsync(StartersMax, viewer, ct)).Select(title => new QuestionChip(title, title))];
    }

    public static async Task<IReadOnlyList<QuestionChip>> PresetsAsync(PyboDb db, CancellationToken ct) =>
        [.. (await db.PromptPresetsAsync(ct)).Select(preset => new QuestionChip(preset.Title, preset.Text))];

    /// <summary>Returns other questions of the board that were found for a turn and that its answer does not quote; none if what was found does not fit.</summary>
    public static IReadOnlyList<QuestionChip> FollowUpsOf(Turn turn)
    {
        if (turn.Refused)
        {
            return [];
        }

        var quoted = turn.Citations.Where(c => c.Quote is not null).Select(c => c.QuestionId).ToHashSet();
        return
        [
            .. turn.Citations.Where(c => !c.IsGone && c.QuestionId is not null && !quoted.Contains(c.QuestionId) && c.Title != turn.Question)
                .DistinctBy(c => c.QuestionId).Take(FollowUpsMax).Select(c => new QuestionChip(c.Title, c.Title)),
        ];
    }

    /// <summary>Returns the address that puts its question into this box.</summary>
    public string UrlOf(QuestionChip chip) => Address.Of(Action, ("question", chip.Text), ("turn", Text(After)), ("document", Text(Input.Document)), ("collection", Text(Input.Collection)));

    private static string? Text(long? id) => id?.ToString(CultureInfo.InvariantCulture);
}
