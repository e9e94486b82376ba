using System.Globalization;
using System.Text;
using MimeKit;
using MimeKit.Text;
using Pybo.Data;
using Pybo.Rag.Documents.Enclosed;
using Pybo.Rag.Documents.Html;

namespace Pybo.Rag.Documents.Mail;

/// <summary>
/// What a person reads of a mail: the subject as heading, the sender, the receivers and the date as pairs, the body, and then each attachment under its name.
/// Of alternatives the last readable one counts, as a mail program shows it (RFC 2046, 5.1.4).
/// </summary>
/// <param name="depth">How many mails this one is in.</param>
internal sealed class MailText(int depth)
{
    /// <summary>A mail in a mail in a mail: what was forwarded with all its history.</summary>
    public const int MailsDeepMax = 4;

    /// <summary>Further receivers are left out of the text; a person does not read thousands.</summary>
    private const int AddressesMax = 200;

    private const int BodyLevel = 1;
    private const int EnclosedLevel = 2;
    private const int HeaderCharactersMax = 2_000;

    private readonly EnclosedText enclosed = new(EnclosedLevel + depth, depth);

    public IEnumerable<DocumentPart> Parts(MimeMessage message)
    {
        var subject = TextNormalizer.OneLine(message.Subject ?? "", DocumentReader.TitleCharactersMax);
        if (subject.Length > 0)
        {
            if (depth == 0)
            {
                yield return new TitlePart(subject);
            }

            yield return BlockPart.Heading(BodyLevel + depth, subject);
        }

        var (body, attached) = (new List<MimeEntity>(), new List<MimeEntity>());
        Sort(message.Body, body, attached);
        yield return Head(message, attached);
        foreach (var part in body.SelectMany(Body))
        {
            yield return part;
        }

        foreach (var part in attached.SelectMany(Attached))
        {
            yield return part;
        }
    }

    /// <summary>Tells the texts of the body from the attachments, in their order. The depth of nesting is the parser's.</summary>
    private static void Sort(MimeEntity? entity, List<MimeEntity> body, List<MimeEntity> attached)
    {
        switch (entity)
        {
            case MultipartAlternative alternatives:
                SortBest(alternatives, body, attached);
                break;
            case MultipartRelated related:
                Sort(related.Root, body, attached);
                // Pictures of the page have a place in it, not a name for the reader.
                attached.AddRange(related.Where(other => other != related.Root && other.IsAttachment));
                break;
            case Multipart parts:
                foreach (var part in parts)
                {
                    Sort(part, body, attached);
                }

                break;
            case TextPart { IsAttachment: false } text when IsBody(text):
                body.Add(text);
                break;
            case MimePart { ContentType: { MediaType: "application", MediaSubtype: "pkcs7-signature" or "x-pkcs7-signature" or "pgp-signature" } }:
                break; // a signature has no text
            case not null:
                attached.Add(entity);
                break;
        }
    }

    /// <summary>Takes the last alternative with a text; what none of the alternatives shows is attached, such as an invitation.</summary>
    private static void SortBest(MultipartAlternative alternatives, List<MimeEntity> body, List<MimeEntity> attached)
    {
        var (bestBody, bestAttached) = (new List<MimeEntity>(), new List<MimeEntity>());
        foreach (var alternative in alternatives)
        {
            var (own, files) = (new List<MimeEntity>(), new List<MimeEntity>());
            Sort(alternative, own, files);
            if (own.SelectMany(Body).OfType<BlockPart>().Any())
            {
                (bestBody, bestAttached) = (own, files);
            }
        }

        body.AddRange(bestBody);
        attached.AddRange(bestAttached);
    }

    private static bool IsBody(TextPart text) => (text.IsPlain || text.IsHtml) && string.IsNullOrEmpty(text.FileName);

    private static BlockPart Head(MimeMessage message, List<MimeEntity> attached)
    {
        var lines = new List<TextLine>();
        Add(StoredWords.MailFrom, Addresses(message.From));
        Add(StoredWords.MailTo, Addresses(message.To));
        Add(StoredWords.MailCc, Addresses(message.Cc));
        Add(StoredWords.MailDate, message.Date == default ? "" : message.Date.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture));
        Add(StoredWords.MailAttached, string.Join(", ", attached.Take(EnclosedText.FilesMax).Select(NameOf)));
        return new(0, lines);

        void Add(string name, string value)
        {
            var text = TextNormalizer.OneLine(value, HeaderCharactersMax);
            if (text.Length > 0)
            {
                lines.Add(new($"{name}: {text}\n"));
            }
        }
    }

    private static string Addresses(InternetAddressList addresses) => string.Join(", ", addresses.Take(AddressesMax).Select(Address));

    private static string Address(InternetAddress address) => address is MailboxAddress { Address: var mail }
        ? string.IsNullOrWhiteSpace(address.Name) ? mail : $"{address.Name} <{mail}>"
        : address.Name ?? "";

    private static IEnumerable<DocumentPart> Body(MimeEntity entity)
    {
        var text = (TextPart)entity;
        var (decoded, faults) = Decode(text);
        if (faults > 0)
        {
            yield return new WarningPart(Notice.Of(ReadingProblem.LostCharacters, faults));
        }

        if (text.IsHtml)
        {
            foreach (var part in new HtmlText(decoded, new()).Parts().Where(part => part is not TitlePart))
            {
                yield return part;
            }
        }
        else if (!string.IsNullOrWhiteSpace(decoded))
        {
            yield return BlockPart.Paragraph(text.IsFlowed ? Unfolded(text, decoded) : decoded);
        }
    }

    /// <summary>Joins the lines that a mail program has broken only to send them (RFC 3676).</summary>
    private static string Unfolded(TextPart text, string decoded) =>
        new FlowedToText { DeleteSpace = string.Equals(text.ContentType.Parameters["delsp"], "yes", StringComparison.OrdinalIgnoreCase) }.Convert(decoded);

    /// <summary>Decodes a text. The encodings of seven bits look like ASCII, so for those its declaration decides.</summary>
    private static (string Text, int Faults) Decode(TextPart text)
    {
        var bytes = Bytes(text);
        var declared = text.ContentType.Charset is { } label ? HtmlEncoding.Named(label) : text.IsHtml ? HtmlEncoding.Declared(bytes) : null;
        return declared is { } encoding && encoding.WebName.StartsWith("iso-2022", StringComparison.OrdinalIgnoreCase)
            ? (encoding.GetString(bytes), 0)
            : TextDecoder.Decode(bytes, declared);
    }

    private static byte[] Bytes(MimePart part)
    {
        using var bytes = new MemoryStream();
        part.Content?.DecodeTo(bytes);
        return bytes.ToArray();
    }

    private IEnumerable<DocumentPart> Attached(MimeEntity entity) => entity switch
    {
        MessagePart { Message: { } inner } when depth < MailsDeepMax => new MailText(depth + 1).Parts(inner),
        MessagePart => [new WarningPart(Notice.Of(ReadingProblem.MailTooDeep, MailsDeepMax))],
        MimePart { Content: not null } part => enclosed.Parts(NameOf(part), Bytes(part)),
        _ => [],
    };

    private static string NameOf(MimeEntity entity) => DocumentNames.OfFile(entity switch
    {
        MessagePart { Message.Subject: { } subject } => subject.Replace('/', ' ').Replace('\\', ' '),
        _ => entity.ContentDisposition?.FileName ?? entity.ContentType.Name ?? entity.ContentType.MimeType,
    });
}
