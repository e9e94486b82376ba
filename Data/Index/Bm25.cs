using System.Buffers.Text;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Pybo.Data;

/// <summary>
/// <c>pybo_bm25(PassageWords, passages, terms, counts)</c>: FTS5's <c>bm25(PassageWords, 4, 1)</c>, positive, but with the totals of passages and
/// terms passed in, and the document frequency of each phrase (<c>counts</c>: numbers separated by spaces, in the expression's order).
/// </summary>
/// <remarks>
/// FTS5's own takes these from the whole table, so text hidden from a reader would move the scores of visible text. SQLite calls
/// this once per matching passage; the pointers follow <c>fts5.h</c> (SQLite 3.53), whose tables only ever grow at their end.
/// </remarks>
internal static unsafe partial class Bm25
{
    private const double TitleWeight = 4;
    private const double BodyWeight = 1;

    // FTS5's own constants.
    private const double K1 = 1.2;
    private const double B = 0.75;
    private const double InverseFrequencyMin = 1e-6;

    private const int Ok = 0;
    private const int Error = 1;
    private const int Row = 100;

    private const int Fts5ApiVersionMin = 2;
    private const int ArgumentCount = 3;
    private const int AllColumns = -1;

    /// <summary>SQLite calls this for each new connection, to register the function.</summary>
    public static nint Initialise => (nint)(delegate* unmanaged[Cdecl]<nint, nint, nint, int>)&OnConnectionOpened;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnConnectionOpened(nint connection, nint message, nint routines)
    {
        Fts5Api* api = null;
        var code = Prepare(connection, "select fts5(?1)"u8, -1, out var statement, 0);
        if (code == Ok)
        {
            code = BindPointer(statement, 1, &api, "fts5_api_ptr"u8, 0);
            code = code == Ok && Step(statement) == Row ? Ok : Error;
        }

        _ = Finalise(statement);
        if (code != Ok || api is null || api->Version < Fts5ApiVersionMin)
        {
            return Error;
        }

        fixed (byte* name = "pybo_bm25"u8)
        {
            return api->CreateFunction(api, name, null, &Score, null);
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Score(Fts5ExtensionApi* api, nint cursor, nint result, int count, nint* arguments)
    {
        if (count != ArgumentCount)
        {
            ResultError(result, "pybo_bm25 takes the passages, their terms, and the counts of the phrases."u8, -1);
            return;
        }

        var weights = (Weights*)api->GetAuxdata(cursor, 0);
        if (weights is null)
        {
            weights = Weigh(api->PhraseCount(cursor), arguments);
            if (api->SetAuxdata(cursor, weights, &Free) is not Ok and var refused)
            {
                ResultErrorCode(result, refused); // FTS5 has already freed the weights
                return;
            }
        }

        int terms;
        var code = api->ColumnSize(cursor, AllColumns, &terms);
        var score = 0.0;
        for (var phrase = 0; phrase < weights->Count && code == Ok; phrase++)
        {
            var frequency = 0.0;
            Fts5PhraseIterator at;
            int column, offset;
            for (code = api->PhraseFirst(cursor, phrase, &at, &column, &offset); code == Ok && column >= 0; api->PhraseNext(cursor, &at, &column, &offset))
            {
                frequency += column == 0 ? TitleWeight : BodyWeight;
            }

            score += InverseFrequencies(weights)[phrase] * (frequency * (K1 + 1) / (frequency + (K1 * (1 - B + (B * terms / weights->TermsOfAPassage)))));
        }

        if (code != Ok)
        {
            ResultErrorCode(result, code);
            return;
        }

        ResultDouble(result, score);
    }

    /// <summary>Computes the values shared by all passages of one search. A phrase without a count weighs nothing.</summary>
    private static Weights* Weigh(int phrases, nint* arguments)
    {
        var weights = (Weights*)NativeMemory.AllocZeroed((nuint)(sizeof(Weights) + (sizeof(double) * phrases)));
        var passages = ValueDouble(arguments[0]);
        weights->TermsOfAPassage = Math.Max(1, ValueDouble(arguments[1])) / Math.Max(1, passages);
        weights->Count = phrases;
        var text = ValueText(arguments[2]);
        var counts = new ReadOnlySpan<byte>(text, text is null ? 0 : ValueBytes(arguments[2]));
        for (var phrase = 0; phrase < phrases && Utf8Parser.TryParse(counts, out long holding, out var length); phrase++)
        {
            InverseFrequencies(weights)[phrase] = Math.Max(InverseFrequencyMin, Math.Log((passages - holding + 0.5) / (holding + 0.5)));
            counts = counts[Math.Min(length + 1, counts.Length)..];
        }

        return weights;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Free(void* weights) => NativeMemory.Free(weights);

    /// <summary>Returns one value per phrase, stored in memory after the weights.</summary>
    private static double* InverseFrequencies(Weights* weights) => (double*)(weights + 1);

    private struct Weights
    {
        public double TermsOfAPassage;
        public int Count;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Fts5Api
    {
        public int Version;
        private readonly nint createTokenizer;
        private readonly nint findTokenizer;
        public delegate* unmanaged[Cdecl]<Fts5Api*, byte*, void*, delegate* unmanaged[Cdecl]<Fts5ExtensionApi*, nint, nint, int, nint*, void>, delegate* unmanaged[Cdecl]<void*, void>, int> CreateFunction;
    }

    /// <summary>The function table in the order of <c>fts5.h</c>; calls not used here are plain pointers.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Fts5ExtensionApi
    {
        public int Version;
        private readonly nint userData;
        private readonly nint columnCount;
        private readonly nint rowCount;
        private readonly nint columnTotalSize;
        private readonly nint tokenize;
        public delegate* unmanaged[Cdecl]<nint, int> PhraseCount;
        private readonly nint phraseSize;
        private readonly nint instCount;
        private readonly nint inst;
        private readonly nint rowid;
        private readonly nint columnText;
        public delegate* unmanaged[Cdecl]<nint, int, int*, int> ColumnSize;
        private readonly nint queryPhrase;
        public delegate* unmanaged[Cdecl]<nint, void*, delegate* unmanaged[Cdecl]<void*, void>, int> SetAuxdata;
        public delegate* unmanaged[Cdecl]<nint, int, void*> GetAuxdata;
        public delegate* unmanaged[Cdecl]<nint, int, Fts5PhraseIterator*, int*, int*, int> PhraseFirst;
        public delegate* unmanaged[Cdecl]<nint, Fts5PhraseIterator*, int*, int*, void> PhraseNext;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Fts5PhraseIterator
    {
        private readonly byte* a;
        private readonly byte* b;
    }

    [LibraryImport("e_sqlite3", EntryPoint = "sqlite3_prepare_v2")]
    private static partial int Prepare(nint connection, ReadOnlySpan<byte> sql, int length, out nint statement, nint tail);

    [LibraryImport("e_sqlite3", EntryPoint = "sqlite3_bind_pointer")]
    private static partial int BindPointer(nint statement, int index, void* pointer, ReadOnlySpan<byte> type, nint destroy);

    [LibraryImport("e_sqlite3", EntryPoint = "sqlite3_step")]
    private static partial int Step(nint statement);

    [LibraryImport("e_sqlite3", EntryPoint = "sqlite3_finalize")]
    private static partial int Finalise(nint statement);

    [LibraryImport("e_sqlite3", EntryPoint = "sqlite3_value_double")]
    [SuppressGCTransition]
    private static partial double ValueDouble(nint value);

    [LibraryImport("e_sqlite3", EntryPoint = "sqlite3_value_text")]
    private static partial byte* ValueText(nint value);

    [LibraryImport("e_sqlite3", EntryPoint = "sqlite3_value_bytes")]
    private static partial int ValueBytes(nint value);

    [LibraryImport("e_sqlite3", EntryPoint = "sqlite3_result_double")]
    [SuppressGCTransition]
    private static partial void ResultDouble(nint context, double value);

    [LibraryImport("e_sqlite3", EntryPoint = "sqlite3_result_error")]
    private static partial void ResultError(nint context, ReadOnlySpan<byte> message, int length);

    [LibraryImport("e_sqlite3", EntryPoint = "sqlite3_result_error_code")]
    private static partial void ResultErrorCode(nint context, int code);
}
