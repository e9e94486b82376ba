using System.Text;

namespace Pybo.Data;

/// <summary>Names of categories in addresses and searches.</summary>
public static class CategoryNames
{
    /// <summary>Returns the name in addresses for what was typed: letters and digits in small letters, with a hyphen between words; empty if there are none.</summary>
    public static string SlugOf(string? typed)
    {
        var slug = new StringBuilder();
        foreach (var c in (typed ?? "").Cut(Category.SlugMax * 2).Normalized(NormalizationForm.FormC))
        {
            if (char.IsLetterOrDigit(c))
            {
                slug.Append(char.ToLowerInvariant(c));
            }
            else if (slug.Length > 0 && slug[^1] != '-')
            {
                slug.Append('-');
            }
        }

        return slug.ToString().Cut(Category.SlugMax).Trim('-');
    }
}
