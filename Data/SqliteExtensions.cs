using System.Runtime.InteropServices;

namespace Pybo.Data;

/// <summary>Adds sqlite-vec (<c>vec0</c> tables and the <c>vec_*</c> functions) and <see cref="Bm25"/> to every SQLite connection of the process.</summary>
internal static partial class SqliteExtensions
{
    private static readonly Lock Gate = new();
    private static bool registered;

    /// <summary>Registers both as auto-extensions; later calls do nothing. Call before the first connection opens.</summary>
    public static void Register()
    {
        lock (Gate)
        {
            if (registered)
            {
                return;
            }

            SQLitePCL.Batteries_V2.Init();
            Add(NativeLibrary.GetExport(Natives.Load(Natives.SqliteVec), "sqlite3_vec_init"), "sqlite-vec");
            Add(Bm25.Initialise, "pybo_bm25");
            registered = true;
        }
    }

    private static void Add(nint initialise, string name)
    {
        if (AutoExtension(initialise) is not 0 and var code)
        {
            throw new InvalidOperationException($"SQLite did not accept {name} as an extension (code {code}).");
        }
    }

    [LibraryImport("e_sqlite3", EntryPoint = "sqlite3_auto_extension")]
    private static partial int AutoExtension(nint initialise);
}
