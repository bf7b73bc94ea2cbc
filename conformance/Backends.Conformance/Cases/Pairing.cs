namespace Backends.Conformance;

/// <summary>
/// Chooses few combinations of many axes: the first axis walks round and round, each other one takes the value that brings most pairs of values
/// not seen together yet, and of those the one used least. Deterministic: the same axes give the same list, for ever.
/// </summary>
internal static class Pairing
{
    /// <summary>Gives at most <paramref name="count"/> combinations, each made by <paramref name="make"/>, which refuses one by giving null.</summary>
    public static List<T> Cover<T>(int count, IReadOnlyList<int> lengths, Func<int[], T?> make) where T : class
    {
        var seen = new Seen(lengths);
        var made = new List<T>();
        for (int k = 0; made.Count < count && k < 4 * count; k++)
        {
            var choice = new int[lengths.Count];
            choice[0] = k % lengths[0];
            if (Choose(1, choice, lengths, seen, make) is not { } one) continue;
            if (made.Count > 0 && k >= lengths[0] && !seen.Adds(choice)) break;
            seen.Add(choice);
            made.Add(one);
        }
        return made;
    }

    private static T? Choose<T>(int axis, int[] choice, IReadOnlyList<int> lengths, Seen seen, Func<int[], T?> make) where T : class
    {
        if (axis == lengths.Count) return make(choice);
        foreach (int value in Enumerable.Range(0, lengths[axis]).OrderByDescending(v => seen.Score(choice, axis, v)).ToArray())
        {
            choice[axis] = value;
            if (Choose(axis + 1, choice, lengths, seen, make) is { } found) return found;
        }
        return null;
    }

    private sealed class Seen(IReadOnlyList<int> lengths)
    {
        private readonly HashSet<(int, int, int, int)> _pairs = [];
        private readonly int[][] _uses = [.. lengths.Select(n => new int[n])];

        // New pairs decide; among equals, rare values first.
        public int Score(int[] choice, int axis, int value)
        {
            int fresh = 0;
            for (int a = 0; a < axis; a++)
                if (!_pairs.Contains((a, choice[a], axis, value))) fresh++;
            return fresh * 100_000 - _uses[axis][value];
        }

        public bool Adds(int[] choice)
        {
            for (int axis = 1; axis < choice.Length; axis++)
                if (Score(choice, axis, choice[axis]) > 0) return true;
            return choice.Length == 1 && _uses[0][choice[0]] == 0;
        }

        public void Add(int[] choice)
        {
            for (int axis = 0; axis < choice.Length; axis++)
            {
                _uses[axis][choice[axis]]++;
                for (int a = 0; a < axis; a++) _pairs.Add((a, choice[a], axis, choice[axis]));
            }
        }
    }
}
