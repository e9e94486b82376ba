using System.ComponentModel.DataAnnotations;
using Pybo.Data;
using Pybo.Rag.Inference;
using Pybo.Rag.Outgoing;

namespace Pybo;

/// <summary>The settings, each with a default that works: section <c>Pybo</c> of appsettings.json, <c>Pybo__Name</c> in the environment, <c>--Pybo:Name</c> on the command line. README's table lists them all; a test holds it.</summary>
public sealed class PyboOptions
{
    public const string Section = "Pybo";

    /// <summary>Characters of a name or a path.</summary>
    private const int NameMax = 1_000;

    private const long BytesPerMegabyte = 1_000_000;

    /// <summary>The database file; everything the site keeps is in it.</summary>
    [Required]
    public string Database { get; init; } = "pybo.db";

    /// <summary>The language of the site for readers who neither chose one nor whose browser asks for one that it speaks: <c>ko</c> or <c>en</c>.</summary>
    [AllowedValues("ko", "en")]
    public string Language { get; init; } = "ko";

    /// <summary>Where downloaded models lie; beside the database unless it is an absolute path.</summary>
    [Required]
    public string Models { get; init; } = ModelFolders.Root;

    /// <summary>The embedding model: the name of an installed one, or a folder (sentence-transformers layout, ONNX).</summary>
    [Required]
    public string EmbeddingModel { get; init; } = ModelFolders.Embedded;

    /// <summary>The generation model: the name of an installed one, or a folder; empty for the first installed one in the catalogue's order, <c>extractive</c> for quotations only.</summary>
    [StringLength(NameMax)]
    public string GenerationModel { get; init; } = "";

    /// <summary>
    /// Runs a generation model in ONNX Runtime GenAI's layout with that package although our own loop could: <c>folder</c> with the execution providers that its
    /// genai_config.json names, otherwise with the provider of this name (<c>cpu</c>, <c>cuda</c>, <c>OpenVINO</c>, …). Empty: with the package only where our loop cannot.
    /// </summary>
    [StringLength(NameMax)]
    public string GenAiProvider { get; init; } = "";

    /// <summary>Tokens of a prompt and its answer together; more take more memory and time. A model may allow less.</summary>
    [Range(1_536, 32_768)]
    public int ContextTokens { get; init; } = 4_096;

    /// <summary>Minutes without a question after which the generation model leaves the memory.</summary>
    [Range(1, 1_440)]
    public int UnloadModelAfterMinutes { get; init; } = 10;

    /// <summary>The proxies whose X-Forwarded-For and X-Forwarded-Proto are believed: addresses and networks between commas, or a list in a settings file. <c>Pages.Security.KnownProxies</c> reads it.</summary>
    [StringLength(NameMax)]
    public string KnownProxies { get; init; } = "";

    /// <summary>Requests a minute from one address.</summary>
    [Range(1, 100_000)]
    public int RequestsPerMinute { get; init; } = 300;

    /// <summary>Attempts to log in or sign up a minute from one address.</summary>
    [Range(1, 1_000)]
    public int LogInsPerMinute { get; init; } = 10;

    /// <summary>Questions, answers, votes and chat turns a minute from one member; and as many previews, counted apart.</summary>
    [Range(1, 1_000)]
    public int PostsPerMinute { get; init; } = 20;

    /// <summary>Megabytes (of 1,000,000 bytes) of an uploaded file; a request may bring five of them.</summary>
    [Range(1, 256)]
    public int UploadMegabytes { get; init; } = 100;

    /// <summary>Megabytes of all files that a member has uploaded.</summary>
    [Range(1, 1_000_000)]
    public int UploadsPerMemberMegabytes { get; init; } = 2_000;

    /// <summary>Chunks of all documents that a member has uploaded: what they cost in the index, about 2.5 kB each.</summary>
    [Range(1_000, 100_000_000)]
    public int ChunksPerMember { get; init; } = 100_000;

    /// <summary>Megabytes of the database from which on no file is taken any more; 0 for as many as the disk has, but for 256 MiB.</summary>
    [Range(0, 100_000_000)]
    public int DatabaseMegabytes { get; init; }

    /// <summary>The kinds of requests that the site may send to other machines (<see cref="OutgoingKind"/>), with commas; none unless they are named.</summary>
    [StringLength(NameMax)]
    public string Outgoing { get; init; } = "";

    /// <summary>Machines of an internal network that may be asked all the same: <c>host:port</c>, with commas.</summary>
    [StringLength(NameMax)]
    public string InternalHosts { get; init; } = "";

    /// <summary><see cref="UploadMegabytes"/> in bytes.</summary>
    internal long UploadBytesMax => UploadMegabytes * BytesPerMegabyte;

    /// <summary>What the data's part of the program needs to know of these.</summary>
    internal StorageLimits StorageLimits => new(ChunksPerMember, DatabaseMegabytes * BytesPerMegabyte);

    /// <summary><see cref="UploadsPerMemberMegabytes"/> in bytes.</summary>
    internal long UploadBytesPerMemberMax => UploadsPerMemberMegabytes * BytesPerMegabyte;
}
