using System.ComponentModel.DataAnnotations;
using Pybo.Data;
using Pybo.Pages.Resources;

namespace Pybo.Pages.Questions;

/// <summary>The form for a new or edited question.</summary>
public sealed class QuestionForm
{
    [Required(ErrorMessageResourceType = typeof(BoardWords), ErrorMessageResourceName = nameof(BoardWords.TitleRequired))]
    [StringLength(Question.TitleMax, ErrorMessageResourceType = typeof(BoardWords), ErrorMessageResourceName = nameof(BoardWords.TitleTooLong))]
    public string? Title { get; set => field = FormText.Line(value); }

    [Required(ErrorMessageResourceType = typeof(BoardWords), ErrorMessageResourceName = nameof(BoardWords.BodyRequired))]
    [StringLength(Question.BodyMax, ErrorMessageResourceType = typeof(BoardWords), ErrorMessageResourceName = nameof(BoardWords.BodyTooLong))]
    public string? Body { get; set => field = FormText.Lines(value); }

    /// <summary>Names of tags, separated by commas or spaces.</summary>
    [TagList]
    public string? Tags { get; set => field = FormText.Line(value); }

    /// <summary>The id of its category; null for a form without the field, which leaves an edited question its own.</summary>
    public long? Category { get; set; }

    /// <summary>The normalised names, all of them if the field is valid; null for a form without the field, which leaves the question its tags.</summary>
    public IReadOnlyList<string>? TagList => Tags is null ? null : TagNames.Read(Tags).Names;
}

/// <summary>Checks a list of tags, and names the one with a fault.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class TagListAttribute : ValidationAttribute
{
    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext)
    {
        var typed = TagNames.Read(value as string);
        var message = typed.Fault switch
        {
            TagFault.TooMany => BoardWords.TagsTooMany.With(TagNames.PerQuestionMax),
            TagFault.TooLong => BoardWords.TagTooLong.With(Tag.NameMax, typed.Faulty),
            TagFault.WrongCharacter => BoardWords.TagWrong.With(typed.Faulty),
            _ => null,
        };
        return message is null ? ValidationResult.Success : new(message, [validationContext.MemberName!]);
    }
}
