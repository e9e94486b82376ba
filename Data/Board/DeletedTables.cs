using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace Pybo.Data;

/// <summary>The statements that keep and restore a deleted post's rows of one table.</summary>
/// <param name="Type">The table's entity.</param>
/// <param name="Keep">Copies its rows to <see cref="DeletedRow"/>; {0} is the <see cref="DeletedPost"/>, {1} the post.</param>
/// <param name="Restore">Inserts them again, but none whose own post or member is gone; {0} is the <see cref="DeletedPost"/>.</param>
internal sealed record DeletedTable(IEntityType Type, string Keep, string Restore);

/// <summary>
/// Finds, in the model, the tables whose rows are deleted with a post: all that refer to it by a cascading key, and those that refer to these. A table that is
/// added later is kept without a change here. Left out is what is made again: passages, tags and the suggested answer.
/// </summary>
internal static class DeletedTables
{
    private static readonly HashSet<Type> LeftOut = [typeof(Passage), typeof(QuestionTag), typeof(Conversation)];

    /// <summary>Returns the tables of a kind of post, each after those that it refers to.</summary>
    public static List<DeletedTable> Of(IModel model, PassageKind kind)
    {
        var root = model.FindEntityType(kind switch { PassageKind.Question => typeof(Question), PassageKind.Answer => typeof(Answer), _ => typeof(Comment) })!;
        List<IEntityType> types = [root];
        // The list grows while it is read; a table joins it once, so it ends.
        for (var i = 0; i < types.Count; i++)
        {
            types.AddRange(types[i].GetReferencingForeignKeys().Where(key => key.DeleteBehavior == DeleteBehavior.Cascade)
                .Select(key => key.DeclaringEntityType).Where(type => !LeftOut.Contains(type.ClrType) && !types.Contains(type)).Distinct().ToList());
        }

        return [.. types.OrderBy(Depth).Select(type => new DeletedTable(type, Keep(type), Restore(type)))];

        int Depth(IEntityType type) => type == root ? 0 : Parents(type).Max(key => Depth(key.PrincipalEntityType)) + 1;

        string Condition(IEntityType type) => type == root ? "Id = {1}"
            : string.Join(" or ", Parents(type).Select(key => $"{Column(key)} in (select Id from {Table(key.PrincipalEntityType)} where {Condition(key.PrincipalEntityType)})"));

        IEnumerable<IForeignKey> Parents(IEntityType type) => type.GetForeignKeys().Where(key => key.DeleteBehavior == DeleteBehavior.Cascade && types.Contains(key.PrincipalEntityType));

        string Keep(IEntityType type) => $$"""
            insert into DeletedRows(DeletedPostId, TableName, OwnerId, Json)
            select {0}, '{{Table(type)}}', {{Owner(type)}}, json_object({{string.Join(", ", Columns(type).Select(column => $"'{column.Name}', {column.Name}"))}})
            from {{Table(type)}} where {{Condition(type)}} order by rowid
            """;
    }

    private static string Restore(IEntityType type)
    {
        var columns = Columns(type).ToList();
        List<string> conditions = ["r.DeletedPostId = {0}", $"r.TableName = '{Table(type)}'"];
        conditions.AddRange(type.GetForeignKeys().Where(key => key.DeleteBehavior == DeleteBehavior.Cascade)
            .Select(key => $"({Kept(key.Properties[0])} is null or {Exists(key)})"));
        return $"""
            insert or ignore into {Table(type)}({string.Join(", ", columns.Select(column => column.Name))})
            select {string.Join(", ", columns.Select(Value))} from DeletedRows r where {string.Join(" and ", conditions)} order by r.Id
            """;
    }

    private static string Value(IProperty column) => (column.Name, column.GetContainingForeignKeys().FirstOrDefault(key => key.DeleteBehavior == DeleteBehavior.SetNull)) switch
    {
        // Indexed again, as after an edit.
        (nameof(Indexed.IndexedAt) or nameof(Indexed.IndexError), _) => "null",
        (nameof(Indexed.Revision), _) => $"{Kept(column)} + 1",
        (_, { } key) => $"iif({Exists(key)}, {Kept(column)}, null)",
        // A column added since has no kept value.
        _ when !column.IsNullable => $"coalesce({Kept(column)}, {(column.GetColumnType() == "TEXT" ? "''" : "0")})",
        _ => Kept(column),
    };

    /// <summary>Returns the columns that are written; those with a private setter are kept by triggers, which count the restored rows again.</summary>
    private static IEnumerable<IProperty> Columns(IEntityType type) => type.GetProperties().Where(p => p.PropertyInfo?.SetMethod is { IsPrivate: false });

    private static string Owner(IEntityType type) =>
        type.GetForeignKeys().FirstOrDefault(key => key.PrincipalEntityType.ClrType == typeof(User) && key.DeleteBehavior == DeleteBehavior.Cascade) is { } key ? Column(key) : "null";

    private static string Exists(IForeignKey key) => $"exists (select 1 from {Table(key.PrincipalEntityType)} where Id = {Kept(key.Properties[0])})";

    private static string Kept(IProperty column) => $"json_extract(r.Json, '$.{column.Name}')";

    private static string Column(IForeignKey key) => key.Properties[0].Name;

    private static string Table(IEntityType type) => type.GetTableName()!;
}
