using System.Collections.Immutable;
using Microsoft.Extensions.Options;
using Pybo.Data;

namespace Pybo.Rag.Outgoing;

/// <summary>Which kinds of outgoing requests are switched on: none, unless the setting <c>Pybo:Outgoing</c> names them.</summary>
public sealed class OutgoingPermissions(IOptions<PyboOptions> options)
{
    private ImmutableHashSet<OutgoingKind> kinds = [.. OutgoingSettings.KindsOf(options.Value)];

    public bool Allows(OutgoingKind kind) => kinds.Contains(kind);

    /// <summary>Permits a kind for a command that a person typed for this purpose: typing it is the permission, while the command runs.</summary>
    public void Permit(OutgoingKind kind) => kinds = kinds.Add(kind);

    /// <summary>Explains why a request was not sent, and how to change that.</summary>
    public static Notice Refusal(OutgoingKind kind) =>
        Notice.Of(OutgoingProblem.SwitchedOff, OutgoingSettings.NameOf(kind), PyboOptions.Section);
}
