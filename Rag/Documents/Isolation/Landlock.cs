using System.Runtime.InteropServices;

namespace Pybo.Rag.Documents.Isolation;

/// <summary>
/// Kernel rules that leave a thread, and the threads and programs it starts, the right to read the files named here, and take away all other files, TCP,
/// other processes' memory and their abstract sockets (Landlock, kernel 5.13 and later; no privileges needed).
/// </summary>
internal sealed unsafe partial class Landlock : IDisposable
{
    // linux/landlock.h: the rights that each version of the interface added.
    private const ulong Execute = 1 << 0;
    private const ulong ReadFile = 1 << 2;
    private const ulong ReadFolder = 1 << 3;
    private const ulong FileRightsOfVersion1 = (1 << 13) - 1;
    private const ulong Refer = 1 << 13; // 2
    private const ulong Truncate = 1 << 14; // 3
    private const ulong NetworkRights = 3; // 4: bind and connect of TCP
    private const ulong DeviceControl = 1 << 15; // 5
    private const ulong AbstractSockets = 1; // 6
    private const ulong Signals = 2; // 6

    // The numbers are the same on all architectures.
    private const nint CreateRuleset = 444;
    private const nint AddRule = 445;
    private const nint RestrictSelf = 446;
    private const nuint VersionFlag = 1;
    private const nuint ErrataFlag = 2;
    private const nuint PathBeneath = 1;

    /// <summary>Kernels without this fix refuse signals between threads of one process if one is bound; the runtime stops its threads with such signals.</summary>
    private const nint SignalErratum = 1 << 1;

    private readonly int ruleset;

    private Landlock(int ruleset) => this.ruleset = ruleset;

    /// <summary>The kernel's version of the interface; 0 if it is missing or switched off.</summary>
    public static int Version { get; } = OperatingSystem.IsLinux() ? Math.Max(0, (int)Create(CreateRuleset, null, 0, VersionFlag)) : 0;

    /// <summary>Creates rules that allow nothing yet; null if the kernel does not support them.</summary>
    public static Landlock? TryCreate()
    {
        if (Version == 0)
        {
            return null;
        }

        var errata = Math.Max(0, Create(CreateRuleset, null, 0, ErrataFlag));
        var attributes = new RulesetAttributes
        {
            Files = FileRightsOfVersion1 | (Version >= 2 ? Refer : 0) | (Version >= 3 ? Truncate : 0) | (Version >= 5 ? DeviceControl : 0),
            Network = Version >= 4 ? NetworkRights : 0,
            Scoped = Version < 6 ? 0 : AbstractSockets | ((errata & SignalErratum) != 0 ? Signals : 0),
        };

        // An older kernel accepts the longer structure if the fields unknown to it are zero.
        var created = (int)Create(CreateRuleset, &attributes, (nuint)sizeof(RulesetAttributes), 0);
        return created < 0 ? null : new(created);
    }

    /// <summary>Allows reading a file, or a folder and all below it. A missing path is skipped.</summary>
    /// <param name="isProgram">Also allows running it.</param>
    /// <param name="isPinned">Keeps the file in the kernel's memory, also for this process's next program: a <c>/proc</c> file that is released reappears as another one, which no rule covers.</param>
    public void AllowRead(string path, bool isProgram = false, bool isPinned = false)
    {
        var file = Linux.Open(path, Linux.OpenPath | (isPinned ? 0 : Linux.CloseOnExecute));
        if (file < 0)
        {
            return;
        }

        var rights = ReadFile | (isProgram ? Execute : 0);
        var rule = new PathRule(rights | ReadFolder, file);
        if (Add(AddRule, ruleset, PathBeneath, &rule, 0) != 0)
        {
            // Only folders accept the rights of folders.
            rule = new PathRule(rights, file);
            Add(AddRule, ruleset, PathBeneath, &rule, 0);
        }

        if (!isPinned)
        {
            Linux.Close(file);
        }
    }

    /// <summary>Binds the calling thread, which has given up new privileges.</summary>
    public bool TryRestrict() => Restrict(RestrictSelf, ruleset, 0) == 0;

    public void Dispose() => Linux.Close(ruleset);

    [LibraryImport("libc", EntryPoint = "syscall")]
    private static partial nint Create(nint number, RulesetAttributes* attributes, nuint size, nuint flags);

    [LibraryImport("libc", EntryPoint = "syscall")]
    private static partial nint Add(nint number, nint ruleset, nuint kind, PathRule* rule, nuint flags);

    [LibraryImport("libc", EntryPoint = "syscall")]
    private static partial nint Restrict(nint number, nint ruleset, nuint flags);

    /// <summary>struct landlock_ruleset_attr: the rights that are forbidden unless a rule allows them.</summary>
    private struct RulesetAttributes
    {
        public ulong Files;
        public ulong Network;
        public ulong Scoped;
    }

    /// <summary>struct landlock_path_beneath_attr.</summary>
    [StructLayout(LayoutKind.Sequential, Pack = 1)]
    private readonly struct PathRule(ulong rights, int file)
    {
        private readonly ulong rights = rights;
        private readonly int file = file;
    }
}
