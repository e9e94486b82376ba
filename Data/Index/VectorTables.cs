using System.Runtime.InteropServices;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace Pybo.Data;

/// <summary>The vec0 table of each embedding model: one row of bits per chunk, with the columns that scope a search.</summary>
/// <remarks>
/// The bits (on which side of the model's centre each dimension is) find the neighbours in a few milliseconds; the float vectors in <c>Chunks</c> decide among
/// them. All vectors of such a model point in nearly the same direction, so that bare signs hardly differ (docs/decisions/0034-bits-around-a-centre.md).
/// A table's schema contains its model's dimensions, so every model has its own, named by its id.
/// </remarks>
public static class VectorTables
{
    /// <summary>Rows per vec0 scan block: its maximum, a tenth faster at 100,000 rows than its default, and 200 kB of bits for a small site.</summary>
    private const int RowsPerBlock = 4096;

    /// <summary>The id is a number, so the name is injection-safe.</summary>
    internal static string Name(long modelId) => $"ChunkBits_{modelId}";

    /// <summary>The trigger that removes a deleted chunk's bits from the table.</summary>
    internal static string TriggerName(long modelId) => $"{Name(modelId)}_deleted";

    /// <summary>SQL for the bits of a vector. Only as a value of its own: SQLite forgets the type of a bit vector that comes out of a selection.</summary>
    /// <param name="embedding">SQL for a float32 blob.</param>
    /// <param name="modelId">Its model.</param>
    internal static string Bits(string embedding, long modelId) =>
        $"vec_quantize_binary(vec_sub({embedding}, coalesce((select Centre from EmbeddingModels where Id = {modelId}), zeroblob(length({embedding})))))";

    /// <summary>SQL that inserts the bits of one chunk.</summary>
    /// <param name="modelId">The chunk's model.</param>
    /// <param name="id">SQL for the chunk's id.</param>
    internal static string InsertBits(long modelId, string id) => $"""
        insert into {Name(modelId)}(Id, Bits, Kind, Audience) values ({id}, {Bits($"(select Embedding from Chunks where Id = {id})", modelId)},
            (select p.Kind from Passages p join Chunks c on c.PassageId = p.Id where c.Id = {id}),
            (select p.Audience from Passages p join Chunks c on c.PassageId = p.Id where c.Id = {id}))
        """;

    extension(PyboDb db)
    {
        /// <summary>Returns the row of the model with these files; creates it, with its table, if new. The first model of a file serves at once.</summary>
        public async Task<EmbeddingModel> EnsureEmbeddingModelAsync(string name, string fingerprint, string folder, int dimensions, CancellationToken ct)
        {
            await using var transaction = await db.Database.BeginTransactionAsync(ct);
            var model = await db.EmbeddingModels.SingleOrDefaultAsync(m => m.Fingerprint == fingerprint, ct);
            if (model is null)
            {
                var first = !await db.EmbeddingModels.AnyAsync(ct);
                model = new EmbeddingModel { Name = name, Fingerprint = fingerprint, Folder = folder, Dimensions = dimensions, ServingSince = first ? DateTime.UtcNow : null };
                db.EmbeddingModels.Add(model);
                await db.SaveChangesAsync(ct);
                await db.CreateVectorTableAsync(model, ct);
            }
            else if (model.Folder != folder)
            {
                model.Folder = folder;
                await db.SaveChangesAsync(ct);
            }

            await transaction.CommitAsync(ct);
            return model;
        }

        /// <summary>Returns the stored vector of a question's beginning, which is embedded with its title; null until it is indexed, or without a model.</summary>
        public async Task<(long ModelId, ReadOnlyMemory<float> Vector)?> QuestionVectorAsync(long questionId, CancellationToken ct)
        {
            var stored = await db.Passages.Where(p => p.Kind == PassageKind.Question && p.QuestionId == questionId && p.Ordinal == 0)
                .Join(db.Chunks, p => p.Id, c => c.PassageId, (p, c) => c)
                .Where(c => db.EmbeddingModels.Any(m => m.Id == c.ModelId && m.ServingSince != null))
                .OrderBy(c => c.Start).Select(c => new { c.ModelId, c.Embedding }).FirstOrDefaultAsync(ct);
            return stored is null ? null : (stored.ModelId, MemoryMarshal.Cast<byte, float>(stored.Embedding).ToArray());
        }

        /// <summary>Sets a model's centre, once, and writes its bits again: 100,000 take some ten seconds.</summary>
        public async Task CentreVectorsAsync(long modelId, ReadOnlyMemory<float> centre, CancellationToken ct)
        {
            await using var transaction = await db.Database.BeginTransactionAsync(ct);
            var blob = PassageWriter.ToBlob(centre.Span);
            if (await db.EmbeddingModels.Where(m => m.Id == modelId && m.Centre == null).ExecuteUpdateAsync(set => set.SetProperty(m => m.Centre, blob), ct) == 0)
            {
                return; // another process was first
            }

            await db.MakeVectorTableAnewAsync(await db.EmbeddingModels.AsNoTracking().SingleAsync(m => m.Id == modelId, ct), ct);
            await using var insert = db.Database.GetDbConnection().CreateCommand();
            insert.Transaction = transaction.GetDbTransaction();
            insert.CommandText = InsertBits(modelId, "@id");
            var id = insert.CreateParameter();
            id.ParameterName = "@id";
            insert.Parameters.Add(id);
            foreach (var chunk in await db.Chunks.Where(c => c.ModelId == modelId).OrderBy(c => c.Id).Select(c => c.Id).ToListAsync(ct))
            {
                id.Value = chunk;
                await insert.ExecuteNonQueryAsync(ct);
            }

            await transaction.CommitAsync(ct);
        }

        /// <summary>Switches searches to a model whose vectors are complete, and removes the others with their vectors.</summary>
        public async Task ServeEmbeddingModelAsync(long modelId, CancellationToken ct)
        {
            await using var transaction = await db.Database.BeginTransactionAsync(ct);
            await db.EmbeddingModels.Where(m => m.Id == modelId).ExecuteUpdateAsync(set => set.SetProperty(m => m.ServingSince, DateTime.UtcNow), ct);
            var old = await db.EmbeddingModels.Where(m => m.Id != modelId).Select(m => m.Id).ToListAsync(ct);
            foreach (var id in old)
            {
                // Drop the table and its trigger first: otherwise each chunk would be removed from it one by one.
                await ExecuteAsync(db, $"drop trigger if exists {TriggerName(id)}; drop table if exists {Name(id)};", ct);
                await db.EmbeddingModels.Where(m => m.Id == id).ExecuteDeleteAsync(ct);
            }

            await transaction.CommitAsync(ct);
        }

        /// <summary>Recreates a lost table or trigger, without rows; <see cref="PassageCheck"/> fills it from the chunks.</summary>
        internal async Task MakeVectorTableAnewAsync(EmbeddingModel model, CancellationToken ct)
        {
            await ExecuteAsync(db, $"drop trigger if exists {TriggerName(model.Id)}; drop table if exists {Name(model.Id)};", ct);
            await db.CreateVectorTableAsync(model, ct);
        }

        private Task<int> CreateVectorTableAsync(EmbeddingModel model, CancellationToken ct)
        {
            var table = Name(model.Id);
            return ExecuteAsync(db, $"""
                create virtual table {table} using vec0(Id integer primary key, Bits bit[{model.Dimensions}], Kind integer, Audience integer, chunk_size={RowsPerBlock});
                create trigger {TriggerName(model.Id)} after delete on Chunks when old.ModelId = {model.Id} begin
                    delete from {table} where Id = old.Id;
                end;
                """, ct);
        }
    }

    // Names and dimensions of a vec0 table cannot be parameters; both are numbers here.
    private static Task<int> ExecuteAsync(PyboDb db, string sql, CancellationToken ct) => db.Database.ExecuteSqlRawAsync(sql, ct);
}
