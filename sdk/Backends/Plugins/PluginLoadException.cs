namespace Backends.Plugins;

/// <summary>A plugin is refused (DIS-4): thrown while it is found and loaded, listed as an <see cref="Absence"/>, never seen by the app as it is.</summary>
internal sealed class PluginLoadException(AbsenceCode code, string text, string remedy, Exception? inner = null) : Exception(text, inner)
{
    /// <summary>The kind of reason.</summary>
    public AbsenceCode Code { get; } = code;

    /// <summary>What the reader can do.</summary>
    public string Remedy { get; } = remedy;

    /// <summary>The same as data.</summary>
    public Absence ToAbsence(string subject) => new(Code, subject, Message, Remedy);
}
