using System.Diagnostics;

namespace FashionClassifier;

/// <summary>On a terminal one line, rewritten: how far it is and how long it will take; elsewhere a line an epoch.</summary>
internal sealed class Progress(int epochs, int steps)
{
    private const int Bar = 20;
    private readonly bool _live = !Console.IsOutputRedirected;
    private readonly long _start = Stopwatch.GetTimestamp();
    private double _shown;

    public void Step(int epoch, int step)
    {
        double gone = Stopwatch.GetElapsedTime(_start).TotalSeconds;
        if (!_live || gone - _shown < 0.1) return;
        _shown = gone;
        double share = (epoch * steps + step + 1.0) / (epochs * steps);
        int full = (int)(share * Bar);
        Console.Write($"\r[{new string('#', full)}{new string('-', Bar - full)}] {share * 100,3:0} %  epoch {epoch + 1}/{epochs}  {gone / share - gone,4:0} s left ");
    }

    public void Epoch(int epoch, float loss, double accuracy)
    {
        if (_live) Console.Write($"\r{new string(' ', 58)}\r");
        Console.WriteLine($"epoch {epoch + 1}/{epochs}  loss {loss:0.0000}  accuracy {accuracy:0.0000}  {Stopwatch.GetElapsedTime(_start).TotalSeconds:0.0} s");
    }
}
