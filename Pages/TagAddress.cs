using Pybo.Data;

namespace Pybo.Pages;

/// <summary>The addresses of tags' pages.</summary>
public static class TagAddress
{
    /// <summary>The last part of the address that suggests tags; a tag with this name has the filtered list as its page.</summary>
    private const string Suggest = "suggest";

    public static string Of(string name) => name == Suggest ? Address.Of("/questions", ("q", QuestionSearchTerms.TagPrefix + name)) : $"/tags/{Uri.EscapeDataString(name)}";

    public static string Feed(string name) => $"/tags/{Uri.EscapeDataString(name)}/feed";

    public static string Edit(string name) => $"/tags/{Uri.EscapeDataString(name)}/edit";
}
