using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ModelBinding.Metadata;

namespace Pybo.Pages;

/// <summary>What forms say about a field that has no message of its own. Checked on the server only: no script repeats the rules.</summary>
internal static class KoreanForms
{
    private const string Required = "필수입력 항목입니다.";
    private const string Wrong = "올바른 값이 아닙니다.";

    public static IServiceCollection AddKoreanForms(this IServiceCollection services)
    {
        services.Configure<MvcViewOptions>(options => options.HtmlHelperOptions.ClientValidationEnabled = false);
        return services.Configure<MvcOptions>(options =>
        {
            options.ModelMetadataDetailsProviders.Add(new Messages());
            var messages = options.ModelBindingMessageProvider;
            messages.SetAttemptedValueIsInvalidAccessor((_, _) => Wrong);
            messages.SetNonPropertyAttemptedValueIsInvalidAccessor(_ => Wrong);
            messages.SetUnknownValueIsInvalidAccessor(_ => Wrong);
            messages.SetNonPropertyUnknownValueIsInvalidAccessor(() => Wrong);
            messages.SetValueIsInvalidAccessor(_ => Wrong);
            messages.SetValueMustBeANumberAccessor(_ => "숫자를 입력하세요.");
            messages.SetNonPropertyValueMustBeANumberAccessor(() => "숫자를 입력하세요.");
            messages.SetValueMustNotBeNullAccessor(_ => Required);
            messages.SetMissingBindRequiredValueAccessor(_ => Required);
            messages.SetMissingKeyOrValueAccessor(() => Required);
            messages.SetMissingRequestBodyRequiredValueAccessor(() => "보낸 내용이 없습니다.");
        });
    }

    private sealed class Messages : IValidationMetadataProvider
    {
        public void CreateValidationMetadata(ValidationMetadataProviderContext context)
        {
            foreach (var attribute in context.ValidationMetadata.ValidatorMetadata.OfType<ValidationAttribute>())
            {
                if (attribute is { ErrorMessage: null, ErrorMessageResourceName: null } && Message(attribute) is { } message)
                {
                    attribute.ErrorMessage = message;
                }
            }
        }

        private static string? Message(ValidationAttribute attribute) => attribute switch
        {
            RequiredAttribute => Required,
            StringLengthAttribute { MinimumLength: > 0 } => "{2}자 이상 {1}자 이하로 입력하세요.",
            StringLengthAttribute => "{1}자 이하로 입력하세요.",
            RangeAttribute => "{1}에서 {2} 사이의 값을 입력하세요.",
            _ => null,
        };
    }
}
