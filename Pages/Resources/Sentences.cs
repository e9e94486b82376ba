using System.Globalization;
using Microsoft.AspNetCore.Html;

namespace Pybo.Pages.Resources;

/// <summary>Puts values into the sentences of the resources in this folder, with numbers in the reader's format.</summary>
internal static class Sentences
{
    /// <summary>Separates the singular form from the form for all other numbers, in a language that has two.</summary>
    private const char FormsSeparator = '|';

    extension(string sentence)
    {
        public string With(params ReadOnlySpan<object?> values) => string.Format(CultureInfo.CurrentCulture, sentence, values);

        /// <summary>Returns the form of a sentence for a number, with the number as its first value.</summary>
        public string Count(long count, params ReadOnlySpan<object?> others) => sentence.Form(count).With([count, .. others]);

        /// <summary>Formats as HTML: the sentence may contain markup; its values are encoded unless they are HTML themselves.</summary>
        public IHtmlContent Html(params object?[] values) => new HtmlContentBuilder().AppendFormat(CultureInfo.CurrentCulture, sentence, values);

        /// <summary>Returns the form of a sentence for a number that is shown next to it.</summary>
        public string Form(long count)
        {
            var at = sentence.IndexOf(FormsSeparator, StringComparison.Ordinal);
            return at < 0 ? sentence : count == 1 ? sentence[..at] : sentence[(at + 1)..];
        }
    }
}
