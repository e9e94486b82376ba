namespace Pybo.Rag.Onnx;

/// <summary>A model in a file or in memory, and how it becomes a native session.</summary>
internal sealed unsafe class ModelSource
{
    /// <summary>The setting that names the folder of external data for a model in memory (UTF-8 on every system).</summary>
    private const string ExternalDataFolder = "session.model_external_initializers_file_folder_path";

    private readonly string? path;
    private readonly byte[]? model;
    private readonly string? externalDataFolder;

    private ModelSource(string? path, byte[]? model, string? externalDataFolder) =>
        (this.path, this.model, this.externalDataFolder) = (path, model, externalDataFolder);

    public string Name => path is null ? "The model in memory" : $"The model '{path}'";

    public static ModelSource File(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return new(path, null, null);
    }

    public static ModelSource Memory(byte[] model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return new(null, model, null);
    }

    public static ModelSource Memory(byte[] model, string path, string externalDataFolder)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentException.ThrowIfNullOrEmpty(externalDataFolder);
        return new(path, model, externalDataFolder);
    }

    /// <exception cref="OnnxRuntimeException">The model is missing or broken; the message names it and says what to do.</exception>
    public OrtHandle Load(SessionOptions options, PrePackedWeightsContainer? prepackedWeights)
    {
        if (model is null && !System.IO.File.Exists(path))
        {
            throw new OnnxRuntimeException(ErrorCode.NoSuchFile, $"The model file '{path}' does not exist. Put it there, or name the folder that holds it.");
        }

        // A session keeps pointing to shared initializers and into the container.
        var needed = new OrtHandle.Leases(options.Initializers);
        try
        {
            nint session;
            var shared = prepackedWeights is null ? 0 : needed.Borrow(prepackedWeights.Handle);
            var status = model is null ? FromFile(path!, options, shared, &session) : FromMemory(model, options, shared, &session);
            return OrtStatus.Failure(status) is not { } failure
                ? new(session, OrtApi.Table.ReleaseSession, needed)
                : throw new OnnxRuntimeException(failure.Code, $"{Name} could not be loaded: {LoadAdvice.For(failure.Code, failure.Message, Beginning())} ONNX Runtime {OrtApi.Table.Version} says: {failure.Message}");
        }
        catch
        {
            needed.Dispose();
            throw;
        }
    }

    private static nint FromFile(string path, SessionOptions options, nint container, nint* session)
    {
        var env = OrtEnv.Instance().Pointer;
        using var native = options.Handle.Borrow();
        fixed (byte* characters = OrtApi.PathCharacters(path))
        {
            return container != 0
                ? OrtApi.Table.CreateSessionWithPrepackedWeightsContainer(env, characters, native.Pointer, container, session)
                : OrtApi.Table.CreateSession(env, characters, native.Pointer, session);
        }
    }

    private nint FromMemory(byte[] model, SessionOptions options, nint container, nint* session)
    {
        var env = OrtEnv.Instance().Pointer;
        using var copy = options.Clone();
        if (externalDataFolder is not null)
        {
            copy.AddSessionConfigEntry(ExternalDataFolder, externalDataFolder);
        }

        using var native = copy.Handle.Borrow();
        fixed (byte* bytes = model)
        {
            return container != 0
                ? OrtApi.Table.CreateSessionFromArrayWithPrepackedWeightsContainer(env, bytes, (nuint)model.Length, native.Pointer, container, session)
                : OrtApi.Table.CreateSessionFromArray(env, bytes, (nuint)model.Length, native.Pointer, session);
        }
    }

    /// <summary>As many of the model's first bytes as the advice looks at.</summary>
    private ReadOnlySpan<byte> Beginning()
    {
        if (model is not null)
        {
            return model.AsSpan(0, Math.Min(model.Length, LoadAdvice.BeginningBytesMax));
        }

        var beginning = new byte[LoadAdvice.BeginningBytesMax];
        using var file = System.IO.File.OpenRead(path!);
        return beginning.AsSpan(0, file.ReadAtLeast(beginning, beginning.Length, throwOnEndOfStream: false));
    }
}
