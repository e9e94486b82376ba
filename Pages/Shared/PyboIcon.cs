using System.Collections.Concurrent;
using Microsoft.AspNetCore.Razor.TagHelpers;
using Microsoft.Extensions.FileProviders;

namespace Pybo.Pages.Shared;

/// <summary><c>&lt;pybo-icon name="bell" /&gt;</c>: an icon of Bootstrap Icons, drawn inline in the colour of the text. <c>Natives.targets</c> lists those that pages use.</summary>
[HtmlTargetElement("pybo-icon", TagStructure = TagStructure.WithoutEndTag)]
public sealed class PyboIcon(IWebHostEnvironment site) : TagHelper
{
    private static readonly ConcurrentDictionary<string, string> Read = new(StringComparer.Ordinal);

    [HtmlAttributeName("name")]
    public string Name { get; set; } = "";

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.TagName = null;
        if (Read.TryGetValue(Name, out var known))
        {
            output.Content.SetHtmlContent(known);
        }
        else if (site.WebRootFileProvider.GetFileInfo($"lib/icons/{Name}.svg") is { Exists: true } file)
        {
            output.Content.SetHtmlContent(Read.GetOrAdd(Name, _ => Svg(file)));
        }
    }

    /// <summary>Returns the icon without a name of its own: the words next to it say what it means. A site without its web assets shows the words alone.</summary>
    private static string Svg(IFileInfo file)
    {
        using var reader = new StreamReader(file.CreateReadStream());
        return reader.ReadToEnd().Replace("<svg ", """<svg aria-hidden="true" """, StringComparison.Ordinal);
    }
}
