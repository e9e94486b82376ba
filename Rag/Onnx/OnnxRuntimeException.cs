namespace Pybo.Rag.Onnx;

/// <summary>ONNX Runtime refused or failed; the message names the model where one is concerned.</summary>
public sealed class OnnxRuntimeException(ErrorCode errorCode, string message) : Exception(message)
{
    public ErrorCode ErrorCode { get; } = errorCode;
}

/// <summary><c>OrtErrorCode</c> of the C API.</summary>
public enum ErrorCode
{
    Ok,
    Fail,
    InvalidArgument,
    NoSuchFile,
    NoModel,
    EngineError,
    RuntimeException,
    InvalidProtobuf,
    ModelLoaded,
    NotImplemented,
    InvalidGraph,
    ExecutionProviderFail,
}
