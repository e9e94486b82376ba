using System.Buffers.Binary;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using Pybo.Data;
using Pybo.Rag.Outgoing;

namespace Pybo.Tests;

/// <summary>Which code of the product may reach another machine, read from the compiled code.</summary>
public sealed class OutgoingCodeTests
{
    /// <summary>The guard. All other code asks it for a client.</summary>
    private const string Guard = "Pybo.Rag.Outgoing";

    private static readonly string[] Namespaces = ["System.Net.Sockets", "System.Net.Quic", "System.Net.Mail", "System.Net.WebSockets"];

    /// <summary>Types that open connections, resolve names, or start a program that could.</summary>
    private static readonly string[] Types =
    [
        "System.Net.Dns", "System.Net.WebRequest", "System.Net.HttpWebRequest", "System.Net.FtpWebRequest", "System.Net.WebClient", "System.Net.HttpListener",
        "System.Net.Http.SocketsHttpHandler", "System.Net.Http.HttpClientHandler", "System.Net.Http.WinHttpHandler",
        "System.Net.Http.IHttpClientFactory", "Microsoft.Extensions.DependencyInjection.HttpClientFactoryServiceCollectionExtensions",
        "System.Net.NetworkInformation.Ping", "System.Xml.XmlUrlResolver",
    ];

    /// <summary>Members of types that are otherwise harmless.</summary>
    private static readonly string[] Members = ["System.Net.Http.HttpClient..ctor", "System.Net.Http.HttpMessageInvoker..ctor", "System.Diagnostics.Process.Start"];

    private static readonly string[] Functions = ["socket", "connect", "sendto", "sendmsg", "getaddrinfo", "gethostbyname", "popen", "system", "posix_spawn", "execve", "execvp", "syscall"];

    /// <summary>Other code that may use one of them, and why.</summary>
    private static readonly Dictionary<string, string> Exceptions = new()
    {
        ["Pybo.Rag.Documents.Isolation.ReadingProgram"] = "System.Diagnostics.Process.Start", // this program as the reading process
    };

    [Fact]
    public void Only_the_guard_reaches_other_machines()
    {
        using var file = File.OpenRead(typeof(PyboOptions).Assembly.Location);
        using var image = new PEReader(file);
        var metadata = image.GetMetadataReader();
        var reaching = metadata.MemberReferences.Select(handle => (Token: MetadataTokens(handle), Name: NameOf(metadata, handle))).Where(member => Reaches(member.Name)).ToList();
        var used = new List<(string By, string Member)>();
        foreach (var type in metadata.TypeDefinitions.Select(metadata.GetTypeDefinition))
        {
            foreach (var address in type.GetMethods().Select(handle => metadata.GetMethodDefinition(handle).RelativeVirtualAddress).Where(address => address > 0))
            {
                var code = image.GetMethodBody(address).GetILBytes()!;
                used.AddRange(reaching.Where(member => code.AsSpan().IndexOf(member.Token) >= 0).Select(member => (Outermost(metadata, type), member.Name)));
            }
        }

        Assert.Contains(used, use => use == ("Pybo.Rag.Outgoing.OutgoingConnection", "System.Net.Sockets.Socket..ctor"));
        Assert.Contains(used, use => use.Member == "System.Diagnostics.Process.Start");
        var wrong = used.Distinct().Where(use => !use.By.StartsWith(Guard + ".", StringComparison.Ordinal) && Exceptions.GetValueOrDefault(use.By) != use.Member);
        Assert.Equal([], wrong);
    }

    /// <summary>Functions of the C library that open connections, or can do anything: a caller of one bypasses the guard.</summary>
    [Fact]
    public void No_system_function_bypasses_the_guard()
    {
        using var file = File.OpenRead(typeof(PyboOptions).Assembly.Location);
        using var image = new PEReader(file);
        var metadata = image.GetMetadataReader();
        var called = metadata.TypeDefinitions.Select(metadata.GetTypeDefinition)
            .SelectMany(type => type.GetMethods(), (type, method) => (By: Outermost(metadata, type), metadata.GetMethodDefinition(method).GetImport().Name)).Where(call => !call.Name.IsNil)
            .Select(call => (call.By, Name: metadata.GetString(call.Name))).ToHashSet();

        Assert.Contains(("Pybo.TelemetryOff", "setenv"), called);
        // The reading process restarts itself without rights, and gives up system calls by their numbers.
        Assert.DoesNotContain(called, call => Functions.Contains(call.Name) && !call.By.StartsWith("Pybo.Rag.Documents.Isolation.", StringComparison.Ordinal));
        Assert.DoesNotContain(called, call => Functions.Except(["syscall", "execve"]).Contains(call.Name));
    }

    [Fact]
    public void Every_kind_is_in_the_table_of_the_README()
    {
        var readme = File.ReadAllText(Path.Combine(Repository.Root, "README.md"));
        Assert.All(Enum.GetValues<OutgoingKind>(), kind => Assert.Contains($"`Pybo:Outgoing={OutgoingSettings.NameOf(kind)}`", readme, StringComparison.Ordinal));
        foreach (var later in new[] { "Remote generators", "Mail", "Webhooks", "Web Push", "OTLP", "OpenID" })
        {
            Assert.Matches($@"\| {later}[^|]*\|", readme);
        }
    }

    private static bool Reaches(string member) => Namespaces.Any(name => member.StartsWith(name + ".", StringComparison.Ordinal))
        || Types.Any(type => member.StartsWith(type + ".", StringComparison.Ordinal)) || Members.Contains(member);

    /// <summary>As the compiled code contains it.</summary>
    private static byte[] MetadataTokens(MemberReferenceHandle handle)
    {
        var token = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(token, System.Reflection.Metadata.Ecma335.MetadataTokens.GetToken(handle));
        return token;
    }

    private static string NameOf(MetadataReader metadata, MemberReferenceHandle handle)
    {
        var member = metadata.GetMemberReference(handle);
        var owner = member.Parent.Kind == HandleKind.TypeReference ? metadata.GetTypeReference((TypeReferenceHandle)member.Parent) : default;
        return member.Parent.Kind == HandleKind.TypeReference
            ? $"{metadata.GetString(owner.Namespace)}.{metadata.GetString(owner.Name)}.{metadata.GetString(member.Name)}"
            : metadata.GetString(member.Name);
    }

    /// <summary>The outermost type that contains the type of a lambda or an asynchronous method.</summary>
    private static string Outermost(MetadataReader metadata, TypeDefinition type)
    {
        while (!type.GetDeclaringType().IsNil)
        {
            type = metadata.GetTypeDefinition(type.GetDeclaringType());
        }

        return $"{metadata.GetString(type.Namespace)}.{metadata.GetString(type.Name)}";
    }
}
