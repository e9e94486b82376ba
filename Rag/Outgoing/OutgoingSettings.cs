using Pybo.Data;

namespace Pybo.Rag.Outgoing;

/// <summary>Reads <c>Pybo:Outgoing</c> and <c>Pybo:InternalHosts</c>: words separated by commas or spaces.</summary>
internal static class OutgoingSettings
{
    private static readonly char[] Separators = [',', ' '];

    private static readonly Dictionary<string, OutgoingKind> Kinds = Enum.GetValues<OutgoingKind>().ToDictionary(NameOf, StringComparer.OrdinalIgnoreCase);

    public static string NameOf(OutgoingKind kind) => kind.ToString().ToLowerInvariant();

    public static IEnumerable<OutgoingKind> KindsOf(PyboOptions options) => Words(options.Outgoing).Select(word => Kinds[word]);

    public static IEnumerable<HostAndPort> HostsOf(PyboOptions options) => Words(options.InternalHosts).Select(word => HostAndPort.Parse(word)!.Value);

    /// <summary>Reports errors in the two settings to the operator: an unknown word must not count as a permission or a refusal.</summary>
    public static IEnumerable<Notice> Faults(PyboOptions options)
    {
        foreach (var word in Words(options.Outgoing).Where(word => !Kinds.ContainsKey(word)))
        {
            yield return Notice.Of(OutgoingProblem.UnknownKind, PyboOptions.Section, word, string.Join(", ", Kinds.Keys));
        }

        foreach (var word in Words(options.InternalHosts).Where(word => HostAndPort.Parse(word) is null))
        {
            yield return Notice.Of(OutgoingProblem.BadHost, PyboOptions.Section, word);
        }
    }

    private static string[] Words(string value) => value.Split(Separators, StringSplitOptions.RemoveEmptyEntries);
}
