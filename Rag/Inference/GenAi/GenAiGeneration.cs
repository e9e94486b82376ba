using System.Diagnostics;
using Microsoft.ML.OnnxRuntimeGenAI;

namespace Pybo.Rag.Inference.GenAi;

/// <summary>What the package is to continue.</summary>
/// <param name="Prompt">The ids.</param>
/// <param name="OutputMax">The most tokens to choose.</param>
/// <param name="StopIds">Ids that end the answer.</param>
/// <param name="Sampling">How a token is chosen; the package has no smallest share (<see cref="SamplingOptions.MinP"/>).</param>
internal sealed record GenAiRequest(int[] Prompt, int OutputMax, IReadOnlySet<int> StopIds, SamplingOptions Sampling);

/// <summary>One answer of the package, token by token.</summary>
/// <remarks>
/// Options and their names: the package's <c>genai_config.json</c> reference, "search". A run is ended from another thread by the runtime option
/// <c>terminate_session</c>: 1 to 105 ms after a cancel in a prompt of 3,000 tokens (Gemma 3 270M).
/// </remarks>
internal sealed class GenAiGeneration : IGeneration, IDisposable
{
    /// <summary>Tokens of a prompt that one run reads. The package keeps the logits of all of them: with Gemma's vocabulary one megabyte a token.</summary>
    private const int PromptPartTokens = 256;

    private readonly LanguageModelFolder folder;
    private readonly GenAiRequest request;
    private readonly Generator generator;
    private readonly CancellationTokenRegistration stop;
    private readonly CancellationToken ct;
    private readonly long started = Stopwatch.GetTimestamp();
    private long firstAt;

    private GenAiGeneration(LanguageModelFolder folder, GenAiRequest request, Generator generator, CancellationToken ct)
    {
        (this.folder, this.request, this.generator, this.ct) = (folder, request, generator, ct);
        stop = ct.Register(() => generator.SetRuntimeOption("terminate_session", "1"));
        Figures = new() { PromptTokens = request.Prompt.Length };
    }

    public GenerationFigures Figures { get; }

    public int Current { get; private set; }

    public bool IsStopped { get; private set; }

    /// <summary>Begins to continue a prompt; nothing runs until the first token is asked for.</summary>
    /// <exception cref="OnnxModelException">The package refuses the options, or has no memory for the caches.</exception>
    public static GenAiGeneration Begin(Model model, LanguageModelFolder folder, GenAiRequest request, CancellationToken ct)
    {
        try
        {
            using var options = new GeneratorParams(model);
            options.SetSearchOption("max_length", request.Prompt.Length + request.OutputMax);
            options.SetSearchOption("min_length", 0);
            options.SetSearchOption("batch_size", 1);
            options.SetSearchOption("num_beams", 1);
            options.SetSearchOption("repetition_penalty", request.Sampling.RepetitionPenalty);
            options.SetSearchOption("do_sample", request.Sampling.Temperature > 0);
            if (request.Sampling.Temperature > 0)
            {
                options.SetSearchOption("temperature", request.Sampling.Temperature);
                options.SetSearchOption("top_k", request.Sampling.TopK);
                options.SetSearchOption("top_p", request.Sampling.TopP);
            }

            if (request.Sampling.Seed is { } seed)
            {
                options.SetSearchOption("random_seed", seed & int.MaxValue); // the package's seed is an int; a negative one means another each time
            }

            return new(folder, request, new(model, options), ct);
        }
        catch (OnnxRuntimeGenAIException failure)
        {
            throw Failed(folder, failure);
        }
    }

    public bool MoveNext()
    {
        if (IsStopped || Figures.OutputTokens == request.OutputMax)
        {
            return false;
        }

        SignalStack.Enlarge();
        try
        {
            if (Figures.OutputTokens == 0)
            {
                ReadPrompt();
            }

            ct.ThrowIfCancellationRequested();
            generator.GenerateNextToken();
            Current = generator.GetNextTokens()[0];
        }
        catch (OnnxRuntimeGenAIException failure)
        {
            throw Failed(folder, failure);
        }

        IsStopped = request.StopIds.Contains(Current);
        Figures.OutputTokens++;
        if (firstAt == 0)
        {
            firstAt = Stopwatch.GetTimestamp();
            Figures.FirstToken = Stopwatch.GetElapsedTime(started, firstAt);
        }

        Figures.Decoding = Stopwatch.GetElapsedTime(firstAt);
        return true;
    }

    public void Dispose()
    {
        stop.Dispose(); // waits for a cancel that is under way, which uses the generator
        generator.Dispose();
    }

    private void ReadPrompt()
    {
        foreach (var part in request.Prompt.Chunk(PromptPartTokens))
        {
            ct.ThrowIfCancellationRequested();
            generator.AppendTokens(part);
        }
    }

    private static OnnxModelException Failed(LanguageModelFolder folder, OnnxRuntimeGenAIException failure) =>
        new($"The model '{folder.Path}' did not run: {failure.Message.Trim()}", failure);
}
