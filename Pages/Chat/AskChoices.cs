using Pybo.Data;
using Pybo.Pages.Resources;
using Pybo.Rag.Chat;

namespace Pybo.Pages.Chat;

/// <summary>The selects below a question: who answers, and how long.</summary>
/// <param name="Answerers">The site's own choice first.</param>
/// <param name="Answerer">The chosen one; null if it is the site's own choice, or not offered.</param>
/// <param name="Pretrained">Those that the reader is warned of: <see cref="ChatAnswerer.PretrainedNames"/>.</param>
/// <param name="HasLength">False if no generator can answer: a quotation has its own length.</param>
public sealed record AskChoices(IReadOnlyList<string> Answerers, string? Answerer, IReadOnlySet<string> Pretrained, bool HasLength, AnswerLength Length)
{
    /// <summary>True if the answerer that is chosen now is one to warn of.</summary>
    public bool IsPretrained => Pretrained.Contains(Answerer ?? Answerers[0]);

    public static AskChoices Of(ChatAnswerer answerer, string? chosen, AnswerLength? length)
    {
        var names = answerer.Names;
        return new(names, names.Skip(1).FirstOrDefault(name => name == chosen), answerer.PretrainedNames, answerer.CanGenerate, length ?? AnswerLength.Normal);
    }

    /// <summary>The lengths in the order in which they are offered, with their words.</summary>
    public static IReadOnlyList<(AnswerLength Length, string Words)> Lengths =>
        [(AnswerLength.Brief, ChatWords.AnswerLengthBrief), (AnswerLength.Normal, ChatWords.AnswerLengthNormal), (AnswerLength.Detailed, ChatWords.AnswerLengthDetailed)];
}
