using Microsoft.EntityFrameworkCore;

namespace Pybo.Data;

/// <summary>A member whose notifications are due to be mailed.</summary>
/// <param name="Until">The newest notification when this was read: what comes later is of the next mail.</param>
public sealed record DueMail(long UserId, string Name, string Address, string Language, int Kinds, long After, long Until);

/// <summary>Reads and writes members' choices of mail, and which notifications are still to be mailed.</summary>
public static class MailQueries
{
    /// <summary>Notifications younger than this wait: the member may be reading the site, and others may follow.</summary>
    public static readonly TimeSpan Settle = TimeSpan.FromMinutes(1);

    /// <summary>The shortest time between two mails to one member.</summary>
    public static readonly TimeSpan SoonEvery = TimeSpan.FromMinutes(5);

    public static readonly TimeSpan DailyEvery = TimeSpan.FromDays(1);

    /// <summary>The shortest time between two confirmation mails to one member.</summary>
    public static readonly TimeSpan ConfirmationEvery = TimeSpan.FromMinutes(2);

    extension(PyboDb db)
    {
        /// <summary>Reads a member's row as it is now, with the address.</summary>
        public Task<User?> MailMemberAsync(long userId, CancellationToken ct) => db.Users.AsNoTracking().SingleOrDefaultAsync(u => u.Id == userId, ct);

        public Task<MailChoice?> MailChoiceAsync(long userId, CancellationToken ct) => db.MailChoices.AsNoTracking().SingleOrDefaultAsync(c => c.UserId == userId, ct);

        /// <summary>Saves what a member wants mailed. Notifications from before are not mailed.</summary>
        public async Task ChooseMailAsync(long userId, MailFrequency frequency, int kinds, string language, CancellationToken ct)
        {
            var never = MailFrequency.Never;
            await db.Database.ExecuteSqlAsync($"""
                insert into MailChoices(UserId, Frequency, Kinds, Language, LastNotificationId, Refusals)
                values ({userId}, {(int)frequency}, {kinds}, {language}, (select coalesce(max(Id), 0) from Notifications where UserId = {userId}), 0)
                on conflict(UserId) do update set Frequency = excluded.Frequency, Kinds = excluded.Kinds, Language = excluded.Language, Refusals = 0,
                    LastNotificationId = case Frequency when {(int)never} then excluded.LastNotificationId else LastNotificationId end
                """, ct);
        }

        public Task<int> EndMailAsync(long userId, CancellationToken ct) =>
            db.MailChoices.Where(c => c.UserId == userId).ExecuteUpdateAsync(set => set.SetProperty(c => c.Frequency, MailFrequency.Never), ct);

        /// <summary>Takes the right to send one confirmation mail; returns false if the last one is too recent.</summary>
        public async Task<bool> TakeConfirmationAsync(long userId, DateTime now, CancellationToken ct)
        {
            var before = now - ConfirmationEvery;
            return await db.MailChoices.Where(c => c.UserId == userId && (c.ConfirmationSentAt == null || c.ConfirmationSentAt <= before))
                .ExecuteUpdateAsync(set => set.SetProperty(c => c.ConfirmationSentAt, now), ct) == 1;
        }

        /// <summary>Gives a member another address, which is not confirmed.</summary>
        public Task<int> ChangeAddressAsync(long userId, string address, string normalized, CancellationToken ct) => db.Users.Where(u => u.Id == userId).ExecuteUpdateAsync(
            set => set.SetProperty(u => u.Email, address).SetProperty(u => u.NormalizedEmail, normalized).SetProperty(u => u.EmailConfirmed, false), ct);

        /// <summary>Confirms an address; returns false if the member has another one now.</summary>
        public async Task<bool> ConfirmAddressAsync(long userId, string normalized, CancellationToken ct) => await db.Users
            .Where(u => u.Id == userId && u.NormalizedEmail == normalized).ExecuteUpdateAsync(set => set.SetProperty(u => u.EmailConfirmed, true), ct) == 1;

        /// <summary>Returns members with unread notifications to mail, the longest waiting first.</summary>
        public Task<List<DueMail>> DueMailsAsync(DateTime now, int most, CancellationToken ct)
        {
            var (settled, soon, daily) = (now - Settle, now - SoonEvery, now - DailyEvery);
            return db.MailChoices
                .Where(c => c.Frequency != MailFrequency.Never && c.User!.EmailConfirmed)
                .Where(c => c.MailedAt == null || c.MailedAt <= (c.Frequency == MailFrequency.Soon ? soon : daily))
                .Where(c => db.Notifications.Any(n => n.UserId == c.UserId && n.Id > c.LastNotificationId && !n.IsRead && n.CreatedAt <= settled))
                .OrderBy(c => c.MailedAt).ThenBy(c => c.UserId).Take(most)
                .Select(c => new DueMail(c.UserId, c.User!.UserName!, c.User.Email!, c.Language, c.Kinds, c.LastNotificationId, db.Notifications.Where(n => n.UserId == c.UserId).Max(n => n.Id)))
                .ToListAsync(ct);
        }

        /// <summary>Notes that a member's notifications were mailed, or that none of them is wanted.</summary>
        public Task<int> MailedAsync(DueMail mail, DateTime? at, CancellationToken ct) => db.MailChoices.Where(c => c.UserId == mail.UserId).ExecuteUpdateAsync(
            set => set.SetProperty(c => c.LastNotificationId, mail.Until).SetProperty(c => c.MailedAt, c => at ?? c.MailedAt).SetProperty(c => c.Refusals, 0), ct);

        /// <summary>Notes that the mail server refused a member's address; ends the mails after <see cref="MailChoice.RefusalsMax"/>.</summary>
        public Task<int> MailRefusedAsync(DueMail mail, DateTime at, CancellationToken ct) => db.MailChoices.Where(c => c.UserId == mail.UserId).ExecuteUpdateAsync(
            set => set.SetProperty(c => c.Refusals, c => c.Refusals + 1).SetProperty(c => c.MailedAt, at)
                .SetProperty(c => c.Frequency, c => c.Refusals + 1 >= MailChoice.RefusalsMax ? MailFrequency.Never : c.Frequency), ct);
    }
}
