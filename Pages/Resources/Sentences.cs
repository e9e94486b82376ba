using System.Globalization;
using Microsoft.AspNetCore.Html;

namespace Pybo.Pages.Resources;

/// <summary>Puts values into the sentences of the resources beside it, with numbers as the reader writes them.</summary>
internal static class Sentences
{
    /// <summary>Between the form for one and the form for all other numbers, in a language that has two.</summary>
    private const char FormsSeparator = '|';

    extension(string sentence)
    {
        public string With(params ReadOnlySpan<object?> values) => string.Format(CultureInfo.CurrentCulture, sentence, values);

        /// <summary>The form of a sentence for a number, with the number as its first value.</summary>
        public string Count(long count, params ReadOnlySpan<object?> others) => sentence.Form(count).With([count, .. others]);

        /// <summary>As HTML: the sentence may hold markup, its values are encoded unless they are HTML themselves.</summary>
        public IHtmlContent Html(params object?[] values) => new HtmlContentBuilder().AppendFormat(CultureInfo.CurrentCulture, sentence, values);

        /// <summary>The form of a sentence for a number, where the number stands beside it.</summary>
        public string Form(long count)
        {
            var at = sentence.IndexOf(FormsSeparator, StringComparison.Ordinal);
            return at < 0 ? sentence : count == 1 ? sentence[..at] : sentence[(at + 1)..];
        }
    }
}
