using Microsoft.EntityFrameworkCore;

namespace Pybo.Data;

/// <summary>A group as administrators see it.</summary>
/// <param name="Categories">The number of categories that it reads.</param>
public sealed record GroupRow(long Id, string Name, int Members, int Categories);

/// <summary>Reads and changes groups, for administrators, which the caller has checked.</summary>
public static class GroupQueries
{
    extension(PyboDb db)
    {
        public Task<List<GroupRow>> GroupsAsync(CancellationToken ct) => db.Groups.OrderBy(g => g.Name)
            .Select(g => new GroupRow(g.Id, g.Name, g.Members.Count, db.Categories.Count(c => c.Audience == Audience.Nobody - g.Id))).ToListAsync(ct);

        /// <summary>Returns the names of a group's members.</summary>
        /// <param name="groupId">The group.</param>
        /// <param name="take">The most names.</param>
        /// <param name="ct">Cancels.</param>
        public Task<List<string>> GroupMembersAsync(long groupId, int take, CancellationToken ct) => db.GroupMembers.Where(m => m.GroupId == groupId)
            .OrderBy(m => m.User!.UserName).Take(take).Select(m => m.User!.UserName!).ToListAsync(ct);

        public async Task<CategoryRefusal> AddGroupAsync(string name, CancellationToken ct)
        {
            await using var transaction = await db.Database.BeginTransactionAsync(ct);
            if (await db.Groups.CountAsync(ct) >= MemberGroup.CountMax)
            {
                return CategoryRefusal.TooMany;
            }

            if (await db.Groups.AnyAsync(g => g.Name == name, ct))
            {
                return CategoryRefusal.NameTaken;
            }

            db.Groups.Add(new() { Name = name });
            await db.SaveChangesAsync(ct);
            await transaction.CommitAsync(ct);
            return CategoryRefusal.None;
        }

        public async Task<CategoryRefusal> RenameGroupAsync(long id, string name, CancellationToken ct)
        {
            await using var transaction = await db.Database.BeginTransactionAsync(ct);
            if (await db.Groups.AnyAsync(g => g.Id != id && g.Name == name, ct))
            {
                return CategoryRefusal.NameTaken;
            }

            var rows = await db.Groups.Where(g => g.Id == id).ExecuteUpdateAsync(set => set.SetProperty(g => g.Name, name), ct);
            await transaction.CommitAsync(ct);
            return rows == 0 ? CategoryRefusal.NotFound : CategoryRefusal.None;
        }

        /// <summary>Adds a member; nothing changes for one who is in the group already.</summary>
        /// <param name="id">The group.</param>
        /// <param name="normalizedName">The member's name in Identity's normalised form.</param>
        /// <param name="ct">Cancels.</param>
        public async Task<CategoryRefusal> AddGroupMemberAsync(long id, string normalizedName, CancellationToken ct)
        {
            await using var transaction = await db.Database.BeginTransactionAsync(ct);
            if (await db.GroupMembers.CountAsync(m => m.GroupId == id, ct) >= MemberGroup.MembersMax)
            {
                return CategoryRefusal.TooMany;
            }

            if (!await db.Groups.AnyAsync(g => g.Id == id, ct) || !await db.Users.AnyAsync(u => u.NormalizedUserName == normalizedName, ct))
            {
                return CategoryRefusal.NotFound;
            }

            await db.Database.ExecuteSqlAsync($"insert into GroupMembers(GroupId, UserId) select {id}, Id from AspNetUsers where NormalizedUserName = {normalizedName} on conflict do nothing", ct);
            await transaction.CommitAsync(ct);
            return CategoryRefusal.None;
        }

        public Task<int> RemoveGroupMemberAsync(long id, string normalizedName, CancellationToken ct) =>
            db.GroupMembers.Where(m => m.GroupId == id && m.User!.NormalizedUserName == normalizedName).ExecuteDeleteAsync(ct);

        /// <summary>Deletes a group that reads no category.</summary>
        public async Task<CategoryRefusal> DeleteGroupAsync(long id, CancellationToken ct)
        {
            await using var transaction = await db.Database.BeginTransactionAsync(ct);
            var audience = Audience.OfGroup(id);
            if (await db.Categories.AnyAsync(c => c.Audience == audience, ct))
            {
                return CategoryRefusal.InUse;
            }

            var rows = await db.Groups.Where(g => g.Id == id).ExecuteDeleteAsync(ct);
            await transaction.CommitAsync(ct);
            return rows == 0 ? CategoryRefusal.NotFound : CategoryRefusal.None;
        }
    }
}
