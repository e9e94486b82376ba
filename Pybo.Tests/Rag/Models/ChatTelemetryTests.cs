using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Pybo.Rag.Models;
using Pybo.Tests.Rag.Chat;
using Pybo.Tests.Rag.Inference;

namespace Pybo.Tests.Rag.Models;

public sealed class ChatTelemetryTests
{
    private const string Word = "은하수고래";
    private const string Question = $"{Word}는 어디에 사나요?";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Telemetry_records_an_answers_model_and_tokens_but_no_words(bool streams)
    {
        var model = $"telemetry-toy-{streams}";
        await using var bench = await ModelBench.StartAsync();
        using var toy = new ToyLanguageModel(ToyLayout.Shared, contextTokens: 4_096);
        await bench.Store.AddAsync(toy.Path, model, default);
        using var logs = new Logs();
        using var watch = new Watch(model);
        await using var generators = new InstalledGenerator(bench.Installed, Options.Create(bench.Options), logs, new ManualTime());
        using var lease = generators.Borrow()!;
        var client = lease.Value;

        var options = new ChatOptions { Temperature = 0, MaxOutputTokens = 20 };
        var ct = TestContext.Current.CancellationToken;
        var response = streams
            ? await client.GetStreamingResponseAsync([new(ChatRole.User, Question)], options, ct).ToChatResponseAsync(ct)
            : await client.GetResponseAsync([new(ChatRole.User, Question)], options, ct);

        var usage = Assert.IsType<UsageDetails>(response.Usage);
        var activity = Assert.Single(watch.Activities);
        Assert.Equal(usage.InputTokenCount, Convert.ToInt64(activity.GetTagItem("gen_ai.usage.input_tokens"), null));
        Assert.Equal(usage.OutputTokenCount, Convert.ToInt64(activity.GetTagItem("gen_ai.usage.output_tokens"), null));
        Assert.Equal(model, activity.GetTagItem("gen_ai.response.model"));
        Assert.Equal([usage.InputTokenCount!.Value, usage.OutputTokenCount!.Value], watch.Measured("gen_ai.client.token.usage"));
        Assert.Single(watch.Measured("gen_ai.client.operation.duration"));
        Assert.Contains(logs.Written, line => line.Contains("invoked", StringComparison.Ordinal));
        Assert.All(logs.Written.Concat(watch.Written), line => Assert.DoesNotContain(Word, line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Words_are_passed_on_as_they_arrive_and_not_logged()
    {
        using var typed = ScriptedChatClient.Typed();
        using var logs = new Logs();
        using var watch = new Watch(ScriptedChatClient.Name);
        using var client = typed.Observed(logs);
        var ct = TestContext.Current.CancellationToken;
        await using var said = client.GetStreamingResponseAsync([new(ChatRole.User, "어디에 사나요?")], null, ct).GetAsyncEnumerator(ct);

        foreach (var token in new[] { Word, "는 깊은 바다에 산다." })
        {
            typed.Type(token);
            Assert.True(await said.MoveNextAsync().AsTask().WaitAsync(Patience, ct));
            Assert.Equal(token, said.Current.Text);
        }

        typed.End();
        Assert.False(await said.MoveNextAsync());
        Assert.NotEmpty(logs.Written);
        Assert.NotEmpty(watch.Activities);
        Assert.All(logs.Written.Concat(watch.Written), line => Assert.DoesNotContain(Word, line, StringComparison.Ordinal));
    }

    /// <summary>Collects all log messages, of every level.</summary>
    private sealed class Logs : ILoggerFactory, ILogger
    {
        public ConcurrentQueue<string> Written { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull
        {
            Written.Enqueue($"{state}");
            return null;
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Written.Enqueue($"{formatter(state, exception)} {exception}");

        public void Dispose()
        {
        }
    }

    /// <summary>Collects the traces and metrics of one model; other tests run at the same time.</summary>
    private sealed class Watch : IDisposable
    {
        private readonly ActivityListener activities;
        private readonly MeterListener meters = new();
        private readonly ConcurrentQueue<(string Instrument, double Value, string Tags)> measured = [];

        public Watch(string model)
        {
            activities = new()
            {
                ShouldListenTo = source => source.Name == ChatTelemetry.Source,
                Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
                ActivityStopped = activity =>
                {
                    if (model.Equals(activity.GetTagItem("gen_ai.request.model")))
                    {
                        Activities.Enqueue(activity);
                    }
                },
            };
            ActivitySource.AddActivityListener(activities);
            meters.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == ChatTelemetry.Source)
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            };
            meters.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Measure(model, instrument, value, tags));
            meters.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Measure(model, instrument, value, tags));
            meters.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Measure(model, instrument, value, tags));
            meters.Start();
        }

        public ConcurrentQueue<Activity> Activities { get; } = [];

        /// <summary>All of them as text.</summary>
        public IEnumerable<string> Written => Activities
            .SelectMany(activity => activity.TagObjects.Concat(activity.Events.SelectMany(e => e.Tags)).Select(tag => $"{tag.Key} {tag.Value}")
                .Append(activity.DisplayName).Append(activity.StatusDescription ?? "").Concat(activity.Events.Select(e => e.Name)).Concat(activity.Baggage.Select(b => $"{b}")))
            .Concat(measured.Select(m => m.Tags));

        public IEnumerable<long> Measured(string instrument) => measured.Where(m => m.Instrument == instrument).Select(m => (long)m.Value);

        public void Dispose()
        {
            activities.Dispose();
            meters.Dispose();
        }

        private void Measure(string model, Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            var words = string.Join(' ', tags.ToArray().Select(tag => $"{tag.Key} {tag.Value}"));
            if (words.Contains(model, StringComparison.Ordinal))
            {
                measured.Enqueue((instrument.Name, value, words));
            }
        }
    }
}
