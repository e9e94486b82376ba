using System.Text.RegularExpressions;
using Microsoft.ML.OnnxRuntime;

namespace Pybo.Rag.Inference;

/// <summary>Explains why the library refused a model, and what its owner can do.</summary>
/// <remarks>Reads the model's first bytes and the messages of ONNX Runtime 1.32; if another version words them differently, gives the general advice.</remarks>
internal static partial class LoadAdvice
{
    public const int BeginningBytesMax = 64;

    /// <summary>Returns the library's message, without the code that the package prepends.</summary>
    public static string Words(OnnxRuntimeException failure) => Code().Replace(failure.Message, "", 1);

    public static string For(OnnxRuntimeException failure, ReadOnlySpan<byte> beginning)
    {
        var message = failure.Message;
        if (beginning.IsEmpty)
        {
            return "it is empty. Download it again.";
        }

        if (beginning.StartsWith("version https://git-lfs"u8))
        {
            return "it is no model but a Git LFS pointer to one. Fetch the model itself with 'git lfs pull', or download it.";
        }

        if (MissingData().Match(message) is { Success: true } missing)
        {
            return $"its data file '{missing.Groups["file"].Value}' is missing. Put it there, from where the model came from.";
        }

        if (OutsideData().Match(message) is { Success: true } outside)
        {
            return outside.Groups["file"] is { Success: true, Value: var file } && !file.Contains("..", StringComparison.Ordinal)
                ? $"its data file '{file}' is a link that leads out of the model's folder. Put the file itself there."
                : "it names data outside its own folder, which is never read. Take the model from a source that you trust.";
        }

        if (ShortData().IsMatch(message))
        {
            return "its data file is incomplete or of another model. Download both again.";
        }

        if (UnknownOperator().Match(message) is { Success: true } unknown)
        {
            return $"it uses the operator '{unknown.Groups["operator"].Value}', which this ONNX Runtime does not know. Use a newer library, or another export of the model.";
        }

        return Code().Match(message).Groups["code"].Value is "InvalidProtobuf" or "InvalidArgument" or "NoModel"
            ? "it is damaged or incomplete. Download it again."
            : "it may be damaged or made for another library. Download it again, or take another export of it.";
    }

    /// <summary>The package's exception has the code only in its message.</summary>
    [GeneratedRegex(@"^\[ErrorCode:(?<code>\w+)\] ")]
    private static partial Regex Code();

    [GeneratedRegex(@"External data path does not exist: ""(?<file>[^""]+)""")]
    private static partial Regex MissingData();

    [GeneratedRegex(@"External data path escapes(?:.*External data path: ""(?<file>[^""]+)"")?|Absolute path not allowed for external data")]
    private static partial Regex OutsideData();

    [GeneratedRegex("out of bounds or can not be read in full")]
    private static partial Regex ShortData();

    [GeneratedRegex(@"(?<operator>\S+?)(?:\(-?\d+\))? is not a registered function/op")]
    private static partial Regex UnknownOperator();
}
