using System.Text.RegularExpressions;

namespace Pybo.Tests;

/// <summary>Comments of the product and its tests are plain English: words that came with a translation are refused.</summary>
public sealed partial class ProseTests
{
    [Fact]
    public void No_comment_sounds_translated()
    {
        string[] rooms = ["Data", "Rag", "Pages", "Pybo.Tests"];
        var files = rooms.SelectMany(room => Directory.EnumerateFiles(Path.Combine(Repository.Root, room), "*.cs", SearchOption.AllDirectories))
            .Where(file => Path.GetFileName(file) is not "ProseTests.cs").ToList();
        Assert.True(files.Count > 400);
        var found = files.SelectMany(file => File.ReadLines(file).Select((line, at) => (Place: $"{Path.GetRelativePath(Repository.Root, file)}:{at + 1}", Text: Comment(line))))
            .Where(comment => Betraying().IsMatch(comment.Text)).Select(comment => $"{comment.Place} {comment.Text.Trim()}");
        Assert.Empty(found);
    }

    [Theory]
    [InlineData("    /// <summary>The page that stands beside it.</summary>", true)]
    [InlineData("    var a = 1; // nobody waits here", true)]
    [InlineData("    /// <summary>Hidden by <see cref=\"Audience.Nobody\"/>.</summary>", false)]
    [InlineData("    throw new Exception(\"nobody\");", false)]
    [InlineData("    /// <summary>The page next to it.</summary>", false)]
    public void Only_comments_are_read(string line, bool isRefused) => Assert.Equal(isRefused, Betraying().IsMatch(Comment(line)));

    /// <summary>Returns the comment of a line without references to code; empty if it has none.</summary>
    private static string Comment(string line) => LineComment().Match(line) is { Success: true } match ? Reference().Replace(match.Value, "") : "";

    [GeneratedRegex(@"(?<=^\s*|[;{},)] )//.*")]
    private static partial Regex LineComment();

    [GeneratedRegex("""<(see|paramref|inheritdoc)[^>]*>|<c>.*?</c>""")]
    private static partial Regex Reference();

    [GeneratedRegex(@"\b(stands|beside|nobody|whoever|meanwhile)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Betraying();
}
