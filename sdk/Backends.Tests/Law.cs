using CsCheck;

namespace Backends.Tests;

/// <summary>Property tests with the same values in every run; CsCheck's own seed fixes the first value alone.</summary>
internal static class Law
{
    /// <summary>Tries the law on values from a fixed stream; when one breaks it, CsCheck looks for a smaller one and reports that.</summary>
    public static void Holds<T>(this Gen<T> values, Action<T> law, int count = 5_000)
    {
        var random = new PCG(1, 1);
        for (int i = 0; i < count; i++)
        {
            string seed = random.ToString();
            T value = values.Generate(random, null, out _);
            try
            {
                law(value);
            }
            catch (Exception)
            {
                values.Sample(law, seed: seed, iter: 2_000);
                throw;
            }
        }
    }
}
