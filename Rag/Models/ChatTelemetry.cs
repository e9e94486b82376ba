using Microsoft.Extensions.AI;

namespace Pybo.Rag.Models;

/// <summary>Logs, traces and metrics around a generator, with OpenTelemetry's names: model, duration, tokens. Never the text of questions, sources or
/// answers.</summary>
internal static class ChatTelemetry
{
    /// <summary>The name of the trace source and of the meter.</summary>
    public const string Source = "Pybo.Chat";

    /// <summary>Wraps a generator with telemetry and takes ownership of it.</summary>
    public static IChatClient Observed(this IChatClient generator, ILoggerFactory logs) => generator.AsBuilder()
        // Set explicitly, because an environment variable could switch it on.
        .UseOpenTelemetry(logs, Source, client => client.EnableSensitiveData = false)
        .Use(inner => new LoggingChatClient(inner, new WithoutTrace(logs.CreateLogger<LoggingChatClient>())))
        .Build();

    /// <summary>The client logs messages at trace level, so this logger disables that level regardless of the settings.</summary>
    private sealed class WithoutTrace(ILogger log) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => log.BeginScope(state);

        public bool IsEnabled(LogLevel logLevel) => logLevel > LogLevel.Trace && log.IsEnabled(logLevel);

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                log.Log(logLevel, eventId, state, exception, formatter);
            }
        }
    }
}
