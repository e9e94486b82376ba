using System.ComponentModel.DataAnnotations;

namespace Pybo.Data;

/// <summary>The settings, each with a working default: section <c>Pybo</c> of appsettings.json, <c>Pybo__Name</c> in the environment, <c>--Pybo:Name</c> on the command line. README's table lists them all; a test checks it.</summary>
public sealed class PyboOptions
{
    public const string Section = "Pybo";

    /// <summary>The most characters of a name or a path.</summary>
    private const int NameMax = 1_000;

    private const long BytesPerMegabyte = 1_000_000;

    /// <summary>The database file; it contains all the site's data.</summary>
    [Required]
    public string Database { get; init; } = "pybo.db";

    /// <summary>The site's language for readers who chose none and whose browser asks for none that it supports: <c>ko</c> or <c>en</c>.</summary>
    [AllowedValues("ko", "en")]
    public string Language { get; init; } = "ko";

    /// <summary>The folder of downloaded models; a relative path is next to the database.</summary>
    [Required]
    public string Models { get; init; } = "models";

    /// <summary>The embedding model: the name of an installed one, or a folder (sentence-transformers layout, ONNX).</summary>
    [Required]
    public string EmbeddingModel { get; init; } = "models/embedded";

    /// <summary>The generation model: the name of an installed one, or a folder; empty for the first installed one in the catalogue's order, <c>extractive</c> for quotations only.</summary>
    [StringLength(NameMax)]
    public string GenerationModel { get; init; } = "";

    /// <summary>
    /// Runs a generation model in ONNX Runtime GenAI's layout with that package even if our own loop could: <c>folder</c> with the execution providers in its
    /// genai_config.json, otherwise with the provider of this name (<c>cpu</c>, <c>cuda</c>, <c>OpenVINO</c>, …). Empty: with the package only if our loop cannot.
    /// </summary>
    [StringLength(NameMax)]
    public string GenAiProvider { get; init; } = "";

    /// <summary>Tokens of a prompt and its answer together; more take more memory and time. A model may allow less.</summary>
    [Range(1_536, 32_768)]
    public int ContextTokens { get; init; } = 4_096;

    /// <summary>Shows a suggested answer with each new question, from threads and documents that its reader may see.</summary>
    public bool Suggestions { get; init; } = true;

    /// <summary>Minutes without a question after which the generation model is unloaded.</summary>
    [Range(1, 1_440)]
    public int UnloadModelAfterMinutes { get; init; } = 10;

    /// <summary>The trusted proxies for X-Forwarded-For and X-Forwarded-Proto: comma-separated addresses and networks, or a list in a settings file. <c>Pages.Security.KnownProxies</c> reads it.</summary>
    [StringLength(NameMax)]
    public string KnownProxies { get; init; } = "";

    /// <summary>Requests per minute from one address.</summary>
    [Range(1, 100_000)]
    public int RequestsPerMinute { get; init; } = 300;

    /// <summary>Log-in or sign-up attempts per minute from one address.</summary>
    [Range(1, 1_000)]
    public int LogInsPerMinute { get; init; } = 10;

    /// <summary>Questions, answers, votes and chat turns per minute from one member; previews have a separate limit of the same size.</summary>
    [Range(1, 1_000)]
    public int PostsPerMinute { get; init; } = 20;

    /// <summary>The reputation from which a member votes down.</summary>
    [Range(Data.Reputation.ShownMin, 1_000_000)]
    public int VoteDownReputation { get; init; } = 50;

    /// <summary>The reputation from which a member changes the tags of others' questions.</summary>
    [Range(Data.Reputation.ShownMin, 1_000_000)]
    public int RetagReputation { get; init; } = 200;

    /// <summary>The reputation from which a member edits others' questions and answers.</summary>
    [Range(Data.Reputation.ShownMin, 1_000_000)]
    public int EditReputation { get; init; } = 1_000;

    /// <summary>The size limit of an uploaded file in megabytes (1,000,000 bytes); one request may contain five such files.</summary>
    [Range(1, 256)]
    public int UploadMegabytes { get; init; } = 100;

    /// <summary>A member's quota for all uploaded files, in megabytes.</summary>
    [Range(1, 1_000_000)]
    public int UploadsPerMemberMegabytes { get; init; } = 2_000;

    /// <summary>A member's quota of chunks over all uploaded documents: their cost in the index, about 2.5 kB each.</summary>
    [Range(1_000, 100_000_000)]
    public int ChunksPerMember { get; init; } = 100_000;

    /// <summary>The database size, in megabytes, from which uploads are refused; 0 for all of the disk except 256 MiB.</summary>
    [Range(0, 100_000_000)]
    public int DatabaseMegabytes { get; init; }

    /// <summary>The full path of Tesseract, which recognises the text of scanned pages and pictures; empty to look where systems install programs, <c>off</c> to recognise nothing.</summary>
    [StringLength(NameMax)]
    public string Tesseract { get; init; } = "";

    /// <summary>The full path of poppler's pdftoppm, which draws scanned pages for Tesseract; empty to look where systems install programs.</summary>
    [StringLength(NameMax)]
    public string Pdftoppm { get; init; } = "";

    /// <summary>The kinds of requests that the site may send to other machines (<c>Rag.Outgoing.OutgoingKind</c>), comma-separated; empty allows none.</summary>
    [StringLength(NameMax)]
    public string Outgoing { get; init; } = "";

    /// <summary>Machines of an internal network that may be contacted nevertheless: <c>host:port</c>, comma-separated.</summary>
    [StringLength(NameMax)]
    public string InternalHosts { get; init; } = "";

    /// <summary>The site's address as members open it, for links in mails: <c>https://board.example</c>.</summary>
    [StringLength(NameMax)]
    public string Address { get; init; } = "";

    /// <summary>The server that takes the site's mails: <c>host:port</c>; empty for no mails. <c>Pages.Mail.MailSettings</c> reads it.</summary>
    [StringLength(NameMax)]
    public string MailServer { get; init; } = "";

    /// <summary>How the connection to it is protected: <c>tls</c> from the start, <c>starttls</c>, or <c>none</c> for a server on the same machine.</summary>
    [AllowedValues("tls", "starttls", "none")]
    public string MailSecurity { get; init; } = "starttls";

    /// <summary>The sender of the mails: <c>Pybo &lt;board@example.com&gt;</c>.</summary>
    [StringLength(NameMax)]
    public string MailFrom { get; init; } = "";

    /// <summary>The account at the mail server; empty for none.</summary>
    [StringLength(NameMax)]
    public string MailUser { get; init; } = "";

    /// <summary>The password of <see cref="MailUser"/>.</summary>
    [StringLength(NameMax)]
    public string MailPassword { get; init; } = "";

    /// <summary><see cref="UploadMegabytes"/> in bytes.</summary>
    internal long UploadBytesMax => UploadMegabytes * BytesPerMegabyte;

    /// <summary>What members may do from which reputation on.</summary>
    internal Privileges Privileges => new(VoteDownReputation, RetagReputation, EditReputation);

    /// <summary>The limits that the data layer needs.</summary>
    internal StorageLimits StorageLimits => new(ChunksPerMember, DatabaseMegabytes * BytesPerMegabyte);

    /// <summary><see cref="UploadsPerMemberMegabytes"/> in bytes.</summary>
    internal long UploadBytesPerMemberMax => UploadsPerMemberMegabytes * BytesPerMegabyte;
}
