using System.Text.RegularExpressions;

namespace Pybo.Rag.Models;

/// <summary>What a model may be called: a folder's name on every system, and a word on a command line.</summary>
internal static partial class ModelName
{
    public static bool IsValid(string name) => Form().IsMatch(name);

    [GeneratedRegex(@"^[\p{L}\p{N}]([\p{L}\p{N}._-]{0,98}[\p{L}\p{N}])?\z")]
    private static partial Regex Form();
}
