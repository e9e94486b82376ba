using Microsoft.EntityFrameworkCore;

namespace Pybo.Data;

/// <summary>The questions that administrators offer in the chat.</summary>
public static class PromptPresets
{
    extension(PyboDb db)
    {
        /// <summary>Returns all presets, oldest first.</summary>
        public Task<List<PromptPreset>> PromptPresetsAsync(CancellationToken ct) => db.PromptPresets.AsNoTracking().OrderBy(p => p.Id).Take(PromptPreset.CountMax).ToListAsync(ct);

        /// <summary>Adds a preset; false if there are too many.</summary>
        public async Task<bool> AddPromptPresetAsync(string title, string text, CancellationToken ct)
        {
            // A write transaction from the start, so that two requests do not both see the last free place.
            await using var transaction = await db.Database.BeginTransactionAsync(ct);
            if (await db.PromptPresets.CountAsync(ct) >= PromptPreset.CountMax)
            {
                return false;
            }

            db.PromptPresets.Add(new() { Title = title, Text = text });
            await db.SaveChangesAsync(ct);
            await transaction.CommitAsync(ct);
            return true;
        }

        public Task<int> DeletePromptPresetAsync(long id, CancellationToken ct) => db.PromptPresets.Where(p => p.Id == id).ExecuteDeleteAsync(ct);

        /// <summary>Returns the titles of the newest questions that the viewer may read and that have an answer.</summary>
        public Task<List<string>> AnsweredTitlesAsync(int limit, Viewer viewer, CancellationToken ct) => db.ReadableQuestions(viewer)
            .Where(q => q.AnswerCount > 0)
            .OrderByDescending(q => q.Id)
            .Take(limit)
            .Select(q => q.Title)
            .ToListAsync(ct);
    }
}
