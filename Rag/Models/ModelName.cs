using System.Text.RegularExpressions;

namespace Pybo.Rag.Models;

/// <summary>Checks a model's name: it must be a valid folder name on every system and one word on a command line.</summary>
internal static partial class ModelName
{
    public static bool IsValid(string name) => Form().IsMatch(name);

    [GeneratedRegex(@"^[\p{L}\p{N}]([\p{L}\p{N}._-]{0,98}[\p{L}\p{N}])?\z")]
    private static partial Regex Form();
}
