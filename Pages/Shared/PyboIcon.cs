using System.Collections.Concurrent;
using Microsoft.AspNetCore.Razor.TagHelpers;

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
        output.Content.SetHtmlContent(Read.GetOrAdd(Name, Svg));
    }

    /// <summary>Returns the icon without a name of its own: the words next to it say what it means.</summary>
    private string Svg(string name)
    {
        using var reader = new StreamReader(site.WebRootFileProvider.GetFileInfo($"lib/icons/{name}.svg").CreateReadStream());
        return reader.ReadToEnd().Replace("<svg ", """<svg aria-hidden="true" """, StringComparison.Ordinal);
    }
}
