using Backends;

namespace FashionClassifier;

/// <summary>What came out, in words.</summary>
internal static class Report
{
    public static double Accuracy(byte[] labels, long[] answers) => labels.Where((label, i) => label == answers[i]).Count() / (double)labels.Length;

    /// <summary>For each class, how many were recognised, and what they were most often taken for otherwise.</summary>
    public static void Classes(byte[] labels, long[] answers)
    {
        Console.WriteLine("class         right   else most often");
        for (int c = 0; c < Dataset.Classes.Length; c++)
        {
            var given = Enumerable.Range(0, labels.Length).Where(i => labels[i] == c).Select(i => answers[i]).ToArray();
            var wrong = given.Where(a => a != c).GroupBy(a => a).OrderByDescending(g => g.Count()).ThenBy(g => g.Key).FirstOrDefault();
            string other = wrong is null ? "" : $"{Dataset.Classes[wrong.Key]} ({wrong.Count()})";
            Console.WriteLine($"{Dataset.Classes[c],-12}{given.Count(a => a == c) / (double)given.Length,7:0.000}   {other}");
        }
        Console.WriteLine();
    }

    /// <summary>How the calls went. A decomposed call is counted by what it was made of; views cost nothing and are not counted.</summary>
    public static void Calls(Device device)
    {
        long native = device.Calls.Total(Way.Native), fallback = device.Calls.Total(Way.Fallback);
        Console.WriteLine($"calls on {device.Name}  {100.0 * native / Math.Max(1, native + fallback):0.0} % native ({native:N0}), {fallback:N0} fell back");
        foreach (var ((op, reason), count) in device.Calls.Fallbacks.OrderByDescending(f => f.Value.Calls))
            Console.WriteLine($"  {op,-10} {count.Calls,8:N0}  {reason}");
    }
}
