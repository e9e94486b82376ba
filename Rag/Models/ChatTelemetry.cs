using Microsoft.Extensions.AI;

namespace Pybo.Rag.Models;

/// <summary>Logs, traces and metrics around a generator, by OpenTelemetry's names: which model, how long, how many tokens. Of questions, sources and answers not a word.</summary>
internal static class ChatTelemetry
{
    /// <summary>The source of the traces, and the meter.</summary>
    public const string Source = "Pybo.Chat";

    /// <summary>A generator that is watched; it is disposed with this.</summary>
    public static IChatClient Observed(this IChatClient generator, ILoggerFactory logs) => generator.AsBuilder()
        // Said here, since a variable of the environment would switch it on.
        .UseOpenTelemetry(logs, Source, client => client.EnableSensitiveData = false)
        .Use(inner => new LoggingChatClient(inner, new WithoutTrace(logs.CreateLogger<LoggingChatClient>())))
        .Build();

    /// <summary>The client writes messages into the log at the level of traces, so there is none for it, whatever the settings say.</summary>
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
