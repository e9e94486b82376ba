using System.Runtime.InteropServices;

namespace Pybo.Data;

/// <summary>Gives every SQLite connection of the process the sqlite-vec extension (<c>vec0</c> tables and the <c>vec_*</c> functions).</summary>
internal static partial class SqliteVec
{
    private static readonly Lock Gate = new();
    private static bool registered;

    /// <summary>Registers vec0 as an auto-extension; later calls do nothing. Call before the first connection opens.</summary>
    public static void Register()
    {
        lock (Gate)
        {
            if (registered)
            {
                return;
            }

            SQLitePCL.Batteries_V2.Init();
            var initialise = NativeLibrary.GetExport(Natives.Load(Natives.SqliteVec), "sqlite3_vec_init");
            var code = AutoExtension(initialise);
            if (code != 0)
            {
                throw new InvalidOperationException($"SQLite did not accept sqlite-vec as an extension (code {code}).");
            }

            registered = true;
        }
    }

    [LibraryImport("e_sqlite3", EntryPoint = "sqlite3_auto_extension")]
    private static partial int AutoExtension(nint initialise);
}
