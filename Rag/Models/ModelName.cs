using System.Text.RegularExpressions;

namespace Pybo.Rag.Models;

/// <summary>What a model may be called: a folder's name on every system, and a word on a command line.</summary>
internal static partial class ModelName
{
    public const string Rule = "글자와 숫자, 점, 밑줄, 붙임표로 100자까지이고 글자나 숫자로 시작하고 끝나야 합니다";

    public static bool IsValid(string name) => Form().IsMatch(name);

    [GeneratedRegex(@"^[\p{L}\p{N}]([\p{L}\p{N}._-]{0,98}[\p{L}\p{N}])?\z")]
    private static partial Regex Form();
}
