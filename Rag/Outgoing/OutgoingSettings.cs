using System.ComponentModel.DataAnnotations;

namespace Pybo.Rag.Outgoing;

/// <summary>Reads <c>Pybo:Outgoing</c> and <c>Pybo:InternalHosts</c>: words separated by commas or spaces.</summary>
internal static class OutgoingSettings
{
    private static readonly char[] Separators = [',', ' '];

    private static readonly Dictionary<string, OutgoingKind> Kinds = Enum.GetValues<OutgoingKind>().ToDictionary(NameOf, StringComparer.OrdinalIgnoreCase);

    public static string NameOf(OutgoingKind kind) => kind.ToString().ToLowerInvariant();

    public static IEnumerable<OutgoingKind> KindsOf(PyboOptions options) => Words(options.Outgoing).Select(word => Kinds[word]);

    public static IEnumerable<HostAndPort> HostsOf(PyboOptions options) => Words(options.InternalHosts).Select(word => HostAndPort.Parse(word)!.Value);

    /// <summary>What is wrong with the two, for the person who starts the site: a word that means nothing must not pass for a permission or a refusal.</summary>
    public static IEnumerable<ValidationResult> Faults(PyboOptions options)
    {
        foreach (var word in Words(options.Outgoing).Where(word => !Kinds.ContainsKey(word)))
        {
            yield return new($"{PyboOptions.Section}:Outgoing에 모르는 말이 있습니다: {word} (쓸 수 있는 말: {string.Join(", ", Kinds.Keys)})", [nameof(PyboOptions.Outgoing)]);
        }

        foreach (var word in Words(options.InternalHosts).Where(word => HostAndPort.Parse(word) is null))
        {
            yield return new($"{PyboOptions.Section}:InternalHosts에 host:port가 아닌 것이 있습니다: {word}", [nameof(PyboOptions.InternalHosts)]);
        }
    }

    private static string[] Words(string value) => value.Split(Separators, StringSplitOptions.RemoveEmptyEntries);
}
