using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.TagHelpers;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Pybo.Pages.Shared;

/// <summary>
/// Ties a field to the message next to it for those who cannot see that they are close: <c>asp-for</c> fields get <c>aria-invalid</c> and
/// <c>aria-describedby</c>, the <c>asp-validation-for</c> span gets the id they name. A hint's own <c>aria-describedby</c> is kept.
/// </summary>
[HtmlTargetElement("input", Attributes = ForAttribute)]
[HtmlTargetElement("textarea", Attributes = ForAttribute)]
[HtmlTargetElement("select", Attributes = ForAttribute)]
[HtmlTargetElement("span", Attributes = ValidationForAttribute)]
public sealed class FieldErrors : TagHelper
{
    private const string ForAttribute = "asp-for";
    private const string ValidationForAttribute = "asp-validation-for";
    private const string DescribedBy = "aria-describedby";

    [ViewContext]
    [HtmlAttributeNotBound]
    public required ViewContext ViewContext { get; set; }

    [HtmlAttributeName(ForAttribute)]
    public ModelExpression? For { get; set; }

    [HtmlAttributeName(ValidationForAttribute)]
    public ModelExpression? ValidationFor { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        if (ValidationFor is not null)
        {
            output.Attributes.SetAttribute("id", ErrorId(ValidationFor));
        }
        else if (For is not null && HasError(For))
        {
            var hint = output.Attributes[DescribedBy]?.Value?.ToString();
            output.Attributes.SetAttribute("aria-invalid", "true");
            output.Attributes.SetAttribute(DescribedBy, $"{ErrorId(For)} {hint}".TrimEnd());
            output.AddClass("is-invalid", HtmlEncoder.Default);
        }
    }

    private bool HasError(ModelExpression field) =>
        ViewContext.ModelState.GetFieldValidationState(FullName(field)) == ModelValidationState.Invalid;

    private string ErrorId(ModelExpression field) => TagBuilder.CreateSanitizedId(FullName(field), "_") + "-error";

    private string FullName(ModelExpression field) => ViewContext.ViewData.TemplateInfo.GetFullHtmlFieldName(field.Name);
}
