using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Backends.Tests.Hosting;

/// <summary>Keeps what is logged.</summary>
internal sealed class Lines : ILoggerProvider, ILoggerFactory
{
    private readonly ConcurrentQueue<(LogLevel, string, int, string)> _all = new();

    public IReadOnlyList<(LogLevel Level, string Category, int Id, string Text)> All => [.. _all];

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void AddProvider(ILoggerProvider provider) { }

    public void Dispose() { }

    private sealed class Logger(Lines lines, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines._all.Enqueue((logLevel, category, eventId.Id, formatter(state, exception)));
    }
}
