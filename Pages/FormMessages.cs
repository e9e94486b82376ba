using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ModelBinding.Metadata;
using Pybo.Pages.Resources;

namespace Pybo.Pages;

/// <summary>Messages for form fields without their own. Only the server validates: no script repeats the rules.</summary>
internal static class FormMessages
{
    public static IServiceCollection AddFormMessages(this IServiceCollection services)
    {
        services.Configure<MvcViewOptions>(options => options.HtmlHelperOptions.ClientValidationEnabled = false);
        return services.Configure<MvcOptions>(options =>
        {
            options.ModelMetadataDetailsProviders.Add(new Messages());
            var messages = options.ModelBindingMessageProvider;
            messages.SetAttemptedValueIsInvalidAccessor((_, _) => CommonWords.FieldWrong);
            messages.SetNonPropertyAttemptedValueIsInvalidAccessor(_ => CommonWords.FieldWrong);
            messages.SetUnknownValueIsInvalidAccessor(_ => CommonWords.FieldWrong);
            messages.SetNonPropertyUnknownValueIsInvalidAccessor(() => CommonWords.FieldWrong);
            messages.SetValueIsInvalidAccessor(_ => CommonWords.FieldWrong);
            messages.SetValueMustBeANumberAccessor(_ => CommonWords.FieldNotANumber);
            messages.SetNonPropertyValueMustBeANumberAccessor(() => CommonWords.FieldNotANumber);
            messages.SetValueMustNotBeNullAccessor(_ => CommonWords.FieldRequired);
            messages.SetMissingBindRequiredValueAccessor(_ => CommonWords.FieldRequired);
            messages.SetMissingKeyOrValueAccessor(() => CommonWords.FieldRequired);
            messages.SetMissingRequestBodyRequiredValueAccessor(() => CommonWords.FieldNoBody);
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
                    (attribute.ErrorMessageResourceType, attribute.ErrorMessageResourceName) = (typeof(CommonWords), message);
                }
            }
        }

        private static string? Message(ValidationAttribute attribute) => attribute switch
        {
            RequiredAttribute => nameof(CommonWords.FieldRequired),
            StringLengthAttribute { MinimumLength: > 0 } => nameof(CommonWords.FieldLength),
            StringLengthAttribute => nameof(CommonWords.FieldTooLong),
            RangeAttribute => nameof(CommonWords.FieldRange),
            _ => null,
        };
    }
}
