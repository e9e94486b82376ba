using System.Text;
using MimeKit;
using Pybo.Data;
using Pybo.Rag.Documents.Zip;

namespace Pybo.Rag.Documents.Mail;

/// <summary>
/// Mails (RFC 5322 and 2045 to 2049) and the web archives that browsers save in the same form (RFC 2557). MimeKit takes them apart;
/// <see cref="MailText"/> says what a person reads of them.
/// </summary>
public sealed class EmlReader : DocumentReader
{
    /// <summary>A mail server refuses less; a larger file is an archive of something else.</summary>
    public const int BytesMax = 100_000_000;

    /// <summary>Headers and parts: a mail has tens, one that was sent on many times has hundreds.</summary>
    private const int PiecesMax = 20_000;

    /// <summary>Multipart in multipart; a mail that carries mails has four levels for each.</summary>
    private const int DepthMax = 40;

    /// <summary>The header is at the beginning, at most this long.</summary>
    private const int HeaderBytesMax = 65_536;

    private const int KoreanCodePage = 949;

    private static readonly ParserOptions Options = MakeOptions();

    private static readonly string[] Archives = [".mht", ".mhtml"];

    /// <summary>Only mail programs write these.</summary>
    private static readonly string[] Marks = ["MIME-Version", "Message-ID", "Received", "Return-Path", "Delivered-To"];

    /// <summary>A person may begin a text with these.</summary>
    private static readonly string[] Usual = ["From", "To", "Subject", "Date", "Cc", "Sender", "Content-Type"];

    public override DocumentFormat Format { get; } = new("EML", "message/rfc822", [".eml", .. Archives]);

    /// <summary>
    /// A mail begins with lines of a name and a value. Without the extension, two of them must be among those that only mail programs write, or one of these and a sender:
    /// a person's notes may begin with a date and a subject.
    /// </summary>
    public override bool Recognises(ReadOnlySpan<byte> bytes, string fileName)
    {
        var names = HeaderNames(bytes);
        var marks = Count(names, Marks);
        return HasExtension(Format, fileName) ? marks + Count(names, Usual) > 0 : marks > 1 || (marks == 1 && names.Contains("From", StringComparer.OrdinalIgnoreCase));
    }

    public override IEnumerable<DocumentPart> Read(ReadOnlyMemory<byte> bytes, string fileName) => Read(bytes, depth: 0);

    /// <param name="depth">How many mails this one is in.</param>
    internal static IEnumerable<DocumentPart> Read(ReadOnlyMemory<byte> bytes, int depth)
    {
        if (bytes.Length > BytesMax)
        {
            throw new DocumentUnreadableException(Notice.Of(ReadingProblem.TooLarge, BytesMax / 1_000_000));
        }

        using var message = Parse(bytes);
        foreach (var part in new MailText(depth).Parts(message))
        {
            yield return part;
        }
    }

    private static MimeMessage Parse(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            return new BoundedParser(Options, bytes.AsStream()).ParseMessage();
        }
        catch (FormatException broken)
        {
            throw new DocumentUnreadableException(Notice.Of(ReadingProblem.MailBroken), broken);
        }
    }

    /// <summary>Old mails have Korean in their headers as it is. MimeKit asks the runtime for code pages, which has them only if their provider is registered.</summary>
    private static ParserOptions MakeOptions()
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        var options = ParserOptions.Default.Clone();
        options.MaxMimeDepth = DepthMax;
        options.CharsetEncoding = Encoding.GetEncoding(KoreanCodePage);
        return options;
    }

    private static int Count(List<string> names, string[] known) => known.Count(name => names.Contains(name, StringComparer.OrdinalIgnoreCase));

    /// <summary>Returns the names before the first blank line; none if a line there is no header.</summary>
    private static List<string> HeaderNames(ReadOnlySpan<byte> bytes)
    {
        var names = new List<string>();
        var text = Encoding.Latin1.GetString(bytes[..Math.Min(bytes.Length, HeaderBytesMax)]).TrimStart('\u00EF', '\u00BB', '\u00BF', '\r', '\n');
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            var colon = line.IndexOf(':');
            if (line.IsEmpty)
            {
                return names;
            }

            if (line[0] is ' ' or '\t' || (names.Count == 0 && line.StartsWith("From ")))
            {
                continue;
            }

            if (colon <= 0 || line[..colon].TrimEnd().ContainsAnyExceptInRange('!', '~'))
            {
                // A header longer than the beginning is cut in its last line.
                return bytes.Length > HeaderBytesMax ? names : [];
            }

            names.Add(line[..colon].TrimEnd().ToString());
        }

        return names;
    }

    /// <summary>Refuses a mail of nothing but headers, or of parts, before it fills the memory.</summary>
    private sealed class BoundedParser(ParserOptions options, Stream stream) : ExperimentalMimeParser(options, stream, MimeFormat.Default, persistent: true)
    {
        private int pieces;

        protected override void OnHeaderRead(Header header, int beginLineNumber, CancellationToken cancellationToken)
        {
            Count();
            base.OnHeaderRead(header, beginLineNumber, cancellationToken);
        }

        protected override void OnHeadersBegin(long beginOffset, int beginLineNumber, CancellationToken cancellationToken)
        {
            Count();
            base.OnHeadersBegin(beginOffset, beginLineNumber, cancellationToken);
        }

        private void Count()
        {
            if (++pieces > PiecesMax)
            {
                throw new DocumentUnreadableException(Notice.Of(ReadingProblem.MailTooComplex, PiecesMax));
            }
        }
    }
}
