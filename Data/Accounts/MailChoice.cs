namespace Pybo.Data;

/// <summary>When a member is mailed; stored, so numbers stay.</summary>
public enum MailFrequency
{
    Never = 0,

    /// <summary>Soon after a notification, together with others of the same minutes.</summary>
    Soon = 1,

    /// <summary>At most once a day.</summary>
    Daily = 2,
}

/// <summary>What a member wants mailed. Without a row it is nothing, and only a confirmed address is mailed.</summary>
public sealed class MailChoice
{
    /// <summary>Refusals of the address in a row, after which mails end until the member chooses again.</summary>
    public const int RefusalsMax = 3;

    public required long UserId { get; init; }
    public User? User { get; init; }
    public MailFrequency Frequency { get; set; }

    /// <summary>One bit for each wanted <see cref="NotificationKind"/>: see <see cref="Wants"/>.</summary>
    public int Kinds { get; set; }

    /// <summary>The mails' language: that of the page on which the member chose.</summary>
    public required string Language { get; set; }

    /// <summary>The newest notification that needs no mail any more.</summary>
    public long LastNotificationId { get; set; }

    public DateTime? MailedAt { get; set; }

    /// <summary>How often in a row the mail server has refused the address.</summary>
    public int Refusals { get; set; }

    public DateTime? ConfirmationSentAt { get; set; }

    public static int KindsOf(IEnumerable<NotificationKind> kinds) => kinds.Aggregate(0, (bits, kind) => bits | Bit(kind));

    public static bool Wants(int kinds, NotificationKind kind) => (kinds & Bit(kind)) != 0;

    private static int Bit(NotificationKind kind) => 1 << (int)kind;
}
