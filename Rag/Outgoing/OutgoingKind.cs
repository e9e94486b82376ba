namespace Pybo.Rag.Outgoing;

/// <summary>What the site may send to other machines. README's table says for each what is sent and to whom; nothing else is sent.</summary>
public enum OutgoingKind
{
    /// <summary>Requests for listings and files of models, to the Hugging Face Hub or the mirror that HF_ENDPOINT names.</summary>
    Models,

    /// <summary>Mails to members who asked for them, to the mail server that <c>Pybo:MailServer</c> names.</summary>
    Mail,
}
