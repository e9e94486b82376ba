using Pybo.Rag.Onnx;
using SessionOptions = Pybo.Rag.Onnx.SessionOptions; // ASP.NET Core has one too

namespace Pybo.Rag.Inference;

/// <summary>Session options for a decoder on the processor: an encoder's, whose reasons hold here too.</summary>
internal static class DecoderSession
{
    public static int Threads => EncoderSession.Threads;

    public static SessionOptions Options() => EncoderSession.Options();
}
