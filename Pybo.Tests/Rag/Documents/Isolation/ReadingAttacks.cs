using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Pybo.Tests.Rag.Documents.Isolation;

/// <summary>
/// Attacks that a document could try once it controls its reader, run inside the real reading process by <see cref="HostileReaders"/>: one line per attempt with its name, a tab and
/// <see cref="Refused"/> or the result. Only EPERM, EACCES and ENOSYS count as refused: with any other error the call has reached the kernel.
/// </summary>
internal static partial class ReadingAttacks
{
    public const string Refused = "refused";
    public const string Allowed = "allowed";

    private const int NotPermitted = 1;
    private const int NoAccess = 13;
    private const int NoSuchCall = 38;
    private const nint Here = -100; // AT_FDCWD
    private const nint Missing = -1;
    private const int CallsMax = 512;

    /// <summary>uretprobe and uprobe on x64: the kernel lets them past every filter, and refuses them unless it set the probe itself.</summary>
    private const uint RetProbe = 335;

    private const uint Probe = 336;

    private static readonly bool IsX64 = RuntimeInformation.ProcessArchitecture == Architecture.X64;

    private static readonly string[] OfProcess = ["mem", "environ", "maps", "cmdline", "status", "stat", "cgroup", "mountinfo", "auxv", "fd/0", "cwd/appsettings.json", "root/etc/passwd", "exe"];

    /// <summary>The result of a finalizer, which runs on a thread of the runtime.</summary>
    private static volatile string finalized = "";

    /// <summary>The targets of the attacks.</summary>
    /// <param name="Victim">A process of the same account, not this one's parent.</param>
    /// <param name="Database">The database, in a folder of its own.</param>
    /// <param name="DatabaseInProgram">Another in the program's own folder.</param>
    /// <param name="DatabaseInGranted">Another in a folder below it that readers use, and its journal.</param>
    /// <param name="Folder">Every account may write here, also into <see cref="File"/>.</param>
    public sealed record Targets(int Victim, string Database, string DatabaseInProgram, string DatabaseInGranted, string Folder, string File)
    {
        public static Targets Parse(string json) => JsonSerializer.Deserialize<Targets>(json) ?? throw new InvalidDataException(json);

        public override string ToString() => JsonSerializer.Serialize(this);
    }

    /// <summary>All attempts, all of which should be refused.</summary>
    public static IEnumerable<string> Run(Targets targets) =>
        Files(targets).Concat(Threads(targets)).Concat(Processes(targets)).Concat(Changes(targets)).Concat(Channels(targets)).Concat(Machine(targets)).Concat(Programs());

    /// <summary>Calls that the runtime and the readers need, which should be allowed.</summary>
    public static IEnumerable<string> Needed()
    {
        yield return Try("read a library", () => File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "UglyToad.PdfPig.dll")));
        yield return Try("load an assembly", () => Assembly.Load("System.Xml.XDocument"));
        yield return Try("a thread", () =>
        {
            var thread = new Thread(() => Thread.Sleep(1)) { Priority = ThreadPriority.Highest };
            thread.Start();
            thread.Join();
        });
        yield return Try("the pool", () => Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => Thread.Sleep(5)))).Wait());
        yield return Try("collect", () => GC.Collect(2, GCCollectionMode.Forced, blocking: true, compacting: true));
        yield return Try("compile", () => _ = new Regex("a+b", RegexOptions.Compiled).IsMatch("caab"));
        yield return Try("cultures", () => _ = CultureInfo.GetCultureInfo("ko-KR").CompareInfo.Compare("가", "나", CompareOptions.IgnoreCase));
        yield return Try("hashes and ciphers", () => _ = (CryptographicOperations.HashData(HashAlgorithmName.MD5, "a"u8), SHA512.HashData("a"u8), Aes.Create().EncryptEcb(new byte[16], PaddingMode.None)));
        yield return Try("time", () => _ = (DateTime.Now, TimeZoneInfo.Local.DisplayName, Environment.TickCount64));
        yield return Try("randomness", () => _ = (Guid.NewGuid(), RandomNumberGenerator.GetInt32(9)));
        yield return Try("a signal to itself", () => Check(Call(Number(234, 131), Environment.ProcessId, Environment.ProcessId, 0)));
        yield return Try("its own limits", () => Check(Call(Number(302, 261), 0, 7, 0, Buffer())));
        yield return Try("an exception with its trace", () =>
        {
            try
            {
                throw new InvalidOperationException();
            }
            catch (InvalidOperationException error)
            {
                _ = error.ToString();
            }
        });
    }

    /// <summary>Every call number except the allowed ones, with arguments that no call accepts. A harmless call first shows that a filter is active.</summary>
    public static IEnumerable<string> Sweep(IReadOnlySet<uint> allowed)
    {
        var first = Attempt("setpriority", Call(Number(141, 140), 99, 0, 0));
        yield return first;
        if (!first.EndsWith(Refused, StringComparison.Ordinal))
        {
            yield break;
        }

        for (uint number = 0; number < CallsMax; number++)
        {
            if (!allowed.Contains(number) && !(IsX64 && number is (RetProbe or Probe)))
            {
                yield return Attempt($"call {number}", Call((nint)number, Missing, Missing, Missing, Missing, Missing, Missing));
            }
        }

        for (uint number = 0; IsX64 && number < CallsMax; number++)
        {
            yield return Attempt($"x32 call {number}", Call((nint)(0x4000_0000 | number), Missing, Missing, Missing, Missing, Missing, Missing));
        }
    }

    private static IEnumerable<string> Files(Targets targets)
    {
        var parent = Parent();
        string[] files =
        [
            targets.Database, targets.Database + "-wal", targets.DatabaseInProgram, targets.DatabaseInProgram + "-wal", targets.DatabaseInGranted, targets.DatabaseInGranted + "-wal",
            targets.File, "/etc/passwd", "/etc/shadow", "/etc/hostname", "/etc/machine-id", "/dev/mem", "/dev/kmsg", "/dev/tty", "/sys/kernel/notes", "/usr/bin/env",
            Path.Combine(AppContext.BaseDirectory, "appsettings.json"), Path.Combine(AppContext.BaseDirectory, "models", "models.json"),
            "/proc/1/cmdline", "/proc/net/tcp", "/proc/self/net/tcp", "/proc/self/mem", "/proc/self/environ", "/proc/kallsyms", "/proc/version", "/proc/mounts", "/proc/keys", "/proc/kcore",
            "/proc/self/cwd/appsettings.json", "/proc/self/root/etc/passwd", "/proc/thread-self/root/etc/passwd",
            .. new[] { parent, targets.Victim }.SelectMany(process => OfProcess.Select(name => $"/proc/{process}/{name}")),
        ];
        foreach (var file in files)
        {
            if (Exists(file))
            {
                yield return Attempt($"read {Short(file)}", Open(file, 0));
            }
        }

        string[] folders =
        [
            "/", "/etc", "/home", "/root", "/tmp", "/var", "/run", "/proc", "/sys", "/dev", "/dev/shm", "/usr/bin", "/usr/share", AppContext.BaseDirectory, targets.Folder, Path.GetDirectoryName(targets.Database)!,
            $"/proc/{parent}/fd", $"/proc/{parent}/task", $"/proc/{parent}/cwd/", $"/proc/{targets.Victim}/fd", $"/proc/{targets.Victim}/root/", "/proc/self/fd", "/proc/self/task", "/proc/self/root/", "/proc/self/cwd/", "..",
        ];
        foreach (var folder in folders)
        {
            if (Exists(folder))
            {
                yield return Attempt($"list {Short(folder)}", Open(folder, IsX64 ? 0x1_0000 : 0x4000));
            }
        }

        yield return Attempt("reopen a path that was opened without rights", Reopen(targets.Database));
        var handle = Marshal.AllocHGlobal(136);
        Marshal.WriteInt32(handle, 128);
        yield return Attempt("name_to_handle_at", Call(Number(303, 264), Here, Text(targets.Database), handle, Buffer(), 0));
        yield return Attempt("open_by_handle_at", Call(Number(304, 265), Here, handle, 0));
        yield return Attempt("openat2", Call(437, Here, Text(targets.Database), Buffer(), 24));
        yield return Api("File.ReadAllBytes", () => File.ReadAllBytes(targets.Database));
        yield return Api("Directory.GetFiles", () => Directory.GetFiles(targets.Folder));
    }

    /// <summary>No thread sees more than another: neither a pool thread nor the runtime's own.</summary>
    private static IEnumerable<string> Threads(Targets targets)
    {
        var path = targets.Database;
        yield return Task.Run(() => Attempt("read the database on a thread of the pool", Open(path, 0))).GetAwaiter().GetResult();
        string other = "";
        var thread = new Thread(() => other = Attempt("read the database on a thread of its own", Open(path, 0)));
        thread.Start();
        thread.Join();
        yield return other;
        Leave(path);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        yield return finalized;
        Leave($"/proc/{targets.Victim}/cmdline");
        GC.Collect();
        GC.WaitForPendingFinalizers();
        yield return finalized;
    }

    private static IEnumerable<string> Processes(Targets targets)
    {
        foreach (var (who, process) in new[] { ("parent", Parent()), ("other", targets.Victim) })
        {
            var (buffer, pointer) = (Buffer(), Buffer());
            Marshal.WriteIntPtr(pointer, buffer);
            Marshal.WriteIntPtr(pointer, nint.Size, 8);
            yield return Attempt($"process_vm_readv {who}", Call(Number(310, 270), process, pointer, 1, pointer, 1, 0));
            yield return Attempt($"process_vm_writev {who}", Call(Number(311, 271), process, pointer, 0, pointer, 0, 0));
            yield return Attempt($"ptrace attach {who}", Call(Number(101, 117), 16, process, 0, 0));
            yield return Attempt($"ptrace seize {who}", Call(Number(101, 117), 0x4206, process, 0, 0));
            yield return Attempt($"kcmp {who}", Call(Number(312, 272), process, process, 1, 0, 0));
            yield return Attempt($"pidfd_open {who}", Call(434, process, 0));
            yield return Attempt($"kill {who}", Call(Number(62, 129), process, 0));
            yield return Attempt($"tkill {who}", Call(Number(200, 130), process, 0));
            yield return Attempt($"tgkill {who}", Call(Number(234, 131), process, process, 0));
            yield return Attempt($"rt_sigqueueinfo {who}", Call(Number(129, 138), process, 0, Signal()));
            yield return Attempt($"rt_tgsigqueueinfo {who}", Call(Number(297, 240), process, process, 0, Signal()));
            yield return Attempt($"setpriority {who}", Call(Number(141, 140), 0, process, 19));
            yield return Attempt($"ioprio_set {who}", Call(Number(251, 30), 1, process, 0x4004));
            yield return Attempt($"sched_setaffinity {who}", Call(Number(203, 122), process, 8, Ones()));
            yield return Attempt($"sched_setscheduler {who}", Call(Number(144, 119), process, 0, Buffer()));
            yield return Attempt($"sched_setparam {who}", Call(Number(142, 118), process, Buffer()));
            yield return Attempt($"sched_setattr {who}", Call(Number(314, 274), process, 0, 0));
            yield return Attempt($"prlimit64 {who}", Call(Number(302, 261), process, 7, 0, Buffer()));
            yield return Attempt($"migrate_pages {who}", Call(Number(256, 238), process, 0, 0, 0));
            yield return Attempt($"move_pages {who}", Call(Number(279, 239), process, 0, 0, 0, 0, 0));
            yield return Attempt($"get_robust_list {who}", Call(Number(274, 100), process, Buffer(), Buffer()));
            yield return Attempt($"setpgid {who}", Call(Number(109, 154), process, 0));
            yield return Attempt($"fcntl F_SETOWN {who}", Call(Number(72, 25), 0, 8, process));
            yield return Attempt($"prctl PR_SET_PTRACER {who}", Call(Number(157, 167), 0x5961_6D61, process, 0, 0, 0));
            yield return Api($"Process.Kill {who}", () => Process.GetProcessById(process).PriorityClass = ProcessPriorityClass.Idle);
        }

        yield return Attempt("kill the group", Call(Number(62, 129), 0, 0));
        yield return Attempt("kill all", Call(Number(62, 129), Missing, 0));
        yield return Attempt("pidfd_send_signal", Call(424, Missing, 0, 0, 0));
        yield return Attempt("pidfd_getfd", Call(438, Missing, 0, 0));
        yield return Attempt("process_madvise", Call(440, Missing, 0, 0, 0, 0));
        yield return Attempt("process_mrelease", Call(448, Missing, 0));
        yield return Attempt("prctl PR_SET_DUMPABLE", Call(Number(157, 167), 4, 1, 0, 0, 0));
        yield return Attempt("prctl PR_SET_MM", Call(Number(157, 167), 35, 0, 0, 0, 0));
        yield return Attempt("prctl PR_SET_SECCOMP", Call(Number(157, 167), 22, 2, 0, 0, 0));
        yield return Attempt("seccomp", Call(Number(317, 277), 2, 0, Buffer()));
        yield return Attempt("landlock_create_ruleset", Call(444, 0, 0, 1));
    }

    private static IEnumerable<string> Changes(Targets targets)
    {
        var (file, created) = (Text(targets.File), Text(Path.Combine(targets.Folder, "made by a reader")));
        var opened = Open(Path.Combine(AppContext.BaseDirectory, "UglyToad.PdfPig.dll"), 0);
        foreach (var (name, flags) in new[] { ("O_WRONLY", 0x1), ("O_RDWR", 0x2), ("O_TRUNC", 0x201), ("O_APPEND", 0x401) })
        {
            yield return Attempt($"open {name}", Call(Number(257, 56), Here, file, flags, 0));
        }

        foreach (var folder in new[] { targets.Folder, "/tmp", "/dev/shm", AppContext.BaseDirectory, Path.Combine(AppContext.BaseDirectory, "runtimes"), "." })
        {
            var path = Text(Path.Combine(folder, Path.GetRandomFileName()));
            yield return Attempt($"create in {Short(folder)}", Call(Number(257, 56), Here, path, 0x41, 0b110_000_000));
            yield return Attempt($"O_TMPFILE in {Short(folder)}", Call(Number(257, 56), Here, Text(folder), 0x40_0001 | (IsX64 ? 0x1_0000 : 0x4000), 0b110_000_000));
            yield return Attempt($"mkdir in {Short(folder)}", Call(Number(258, 34), Here, path, 0b111_000_000));
        }

        yield return Attempt("unlink", Call(Number(263, 35), Here, created, 0));
        yield return Attempt("rename", Call(Number(316, 276), Here, file, Here, file, 0));
        yield return Attempt("link", Call(Number(265, 37), Here, file, Here, created, 0));
        yield return Attempt("symlink", Call(Number(266, 36), file, Here, created));
        yield return Attempt("mknod", Call(Number(259, 33), Here, created, 0x1180, 0));
        yield return Attempt("chmod", Call(Number(268, 53), Here, file, 0b110_110_110));
        yield return Attempt("fchmod", Call(Number(91, 52), opened, 0b110_100_100));
        yield return Attempt("fchmodat2", Call(452, Here, file, 0b110_110_110, 0));
        yield return Attempt("chown", Call(Number(260, 54), Here, file, Missing, Missing, 0));
        yield return Attempt("fchown", Call(Number(93, 55), opened, Missing, Missing));
        yield return Attempt("utimensat", Call(Number(280, 88), Here, file, 0, 0));
        yield return Attempt("setxattr", Call(Number(188, 5), file, Text("user.pybo"), file, 1, 0));
        yield return Attempt("lsetxattr", Call(Number(189, 6), file, Text("user.pybo"), file, 1, 0));
        yield return Attempt("fsetxattr", Call(Number(190, 7), opened, Text("user.pybo"), file, 1, 0));
        yield return Attempt("removexattr", Call(Number(197, 14), file, Text("user.pybo")));
        yield return Attempt("fremovexattr", Call(Number(199, 16), opened, Text("user.pybo")));
        yield return Attempt("setxattrat", Call(463, Here, file, 0, Text("user.pybo"), 0, 0));
        yield return Attempt("getxattr", Call(Number(191, 8), file, Text("user.pybo"), 0, 0));
        yield return Attempt("truncate", Call(Number(76, 45), file, 0));
        yield return Attempt("ftruncate", Call(Number(77, 46), opened, 0));
        yield return Attempt("fallocate", Call(Number(285, 47), opened, 0, 0, 1));
        yield return Attempt("flock exclusive", Call(Number(73, 32), opened, 6));
        yield return Attempt("fcntl F_SETLK", Call(Number(72, 25), opened, 6, Buffer()));
        yield return Attempt("fcntl F_SETLEASE", Call(Number(72, 25), opened, 1024, 0));
        yield return Attempt("sendfile", Call(Number(40, 71), 1, opened, 0, 0));
        yield return Attempt("splice", Call(Number(275, 76), opened, 0, 1, 0, 0, 0));
        yield return Attempt("vmsplice", Call(Number(278, 75), 1, Buffer(), 0, 0));
        yield return Attempt("tee", Call(Number(276, 77), 0, 1, 0, 0));
        yield return Attempt("copy_file_range", Call(Number(326, 285), opened, 0, opened, 0, 0, 0));
        yield return Attempt("inotify_init1", Call(Number(294, 26), 0));
        yield return Attempt("fanotify_init", Call(Number(300, 262), 0, 0));
        yield return Attempt("chdir", Call(Number(80, 49), Text("/")));
        if (IsX64)
        {
            yield return Attempt("open with O_CREAT", Call(2, created, 0x41, 0b110_000_000));
            yield return Attempt("creat", Call(85, created, 0b110_000_000));
            yield return Attempt("old chmod", Call(90, file, 0b110_110_110));
            yield return Attempt("utime", Call(132, file, 0));
            yield return Attempt("utimes", Call(235, file, 0));
            yield return Attempt("futimesat", Call(261, Here, file, 0));
        }

        yield return Api("File.WriteAllText", () => File.WriteAllText(Path.Combine(targets.Folder, "written by a reader"), ""));
        yield return Api("Directory.CreateDirectory", () => Directory.CreateDirectory(Path.Combine(targets.Folder, "a folder of a reader")));
        yield return Api("File.SetUnixFileMode", () => SetMode(targets.File));
        yield return Api("File.SetLastWriteTime", () => File.SetLastWriteTimeUtc(targets.File, DateTime.UnixEpoch));
    }

    private static IEnumerable<string> Channels(Targets targets)
    {
        yield return Attempt("shmget", Call(Number(29, 194), 0, 4096, 0b110_000_000));
        yield return Attempt("shmat", Call(Number(30, 196), Missing, 0, 0));
        yield return Attempt("shmctl", Call(Number(31, 195), Missing, 2, Buffer()));
        yield return Attempt("msgget", Call(Number(68, 186), 0, 0b110_000_000));
        yield return Attempt("msgctl", Call(Number(71, 187), Missing, 2, Buffer()));
        yield return Attempt("semget", Call(Number(64, 190), 0, 1, 0b110_000_000));
        yield return Attempt("semctl", Call(Number(66, 191), Missing, 0, 2, Buffer()));
        yield return Attempt("mq_open", Call(Number(240, 180), Text("pybo-attack"), 0x42, 0b110_000_000, 0));
        yield return Attempt("mq_unlink", Call(Number(241, 181), Text("pybo-attack")));
        yield return Attempt("socketpair", Call(Number(53, 199), 1, 1, 0, Buffer()));
        for (var family = 0; family < 46; family++)
        {
            yield return Attempt($"socket of family {family}", Call(Number(41, 198), family, 1, 0));
            yield return Attempt($"datagrams of family {family}", Call(Number(41, 198), family, 2, 0));
        }

        foreach (var (name, x64, arm64) in new[] { ("connect", 42, 203), ("bind", 49, 200), ("listen", 50, 201), ("accept4", 288, 242), ("sendto", 44, 206), ("sendmsg", 46, 211), ("recvmsg", 47, 212), ("shutdown", 48, 210) })
        {
            yield return Attempt(name, Call(Number(x64, arm64), 0, Buffer(), 16, 0, 0, 0));
        }

        yield return Attempt("io_uring_setup", Call(425, 1, Buffer()));
        yield return Attempt("memfd_create", Call(Number(319, 279), Text("pybo"), 0));
        yield return Attempt("memfd_secret", Call(447, 0));
        yield return Attempt("ioctl TIOCSTI", Call(Number(16, 29), 0, 0x5412, Buffer()));
        yield return Attempt("ioctl FIONREAD", Call(Number(16, 29), 0, 0x541B, Buffer()));
        yield return Api("a connection", () => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp).Connect(IPAddress.Loopback, 9));
        yield return Api("a Unix socket", () => new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified).Dispose());
        yield return Api("a watcher", () => new FileSystemWatcher(targets.Folder) { EnableRaisingEvents = true }.Dispose());
    }

    private static IEnumerable<string> Machine(Targets targets)
    {
        var nowhere = Text("/nonexistent");
        yield return Attempt("mount", Call(Number(165, 40), nowhere, nowhere, Text("tmpfs"), 0, 0));
        yield return Attempt("umount2", Call(Number(166, 39), nowhere, 0));
        yield return Attempt("open_tree", Call(428, Here, Text(targets.Folder), 1));
        yield return Attempt("move_mount", Call(429, Missing, nowhere, Missing, nowhere, 0));
        yield return Attempt("fsopen", Call(430, Text("tmpfs"), 0));
        yield return Attempt("fsconfig", Call(431, Missing, 0, 0, 0, 0));
        yield return Attempt("fsmount", Call(432, Missing, 0, 0));
        yield return Attempt("fspick", Call(433, Here, Text(targets.Folder), 0));
        yield return Attempt("mount_setattr", Call(442, Here, nowhere, 0, Buffer(), 32));
        yield return Attempt("unshare nothing", Call(Number(272, 97), 0));
        yield return Attempt("unshare users", Call(Number(272, 97), 0x1000_0000));
        yield return Attempt("setns", Call(Number(308, 268), Missing, 0));
        yield return Attempt("chroot", Call(Number(161, 51), Text("/")));
        yield return Attempt("pivot_root", Call(Number(155, 41), nowhere, nowhere));
        yield return Attempt("swapon", Call(Number(167, 224), nowhere, 0));
        yield return Attempt("swapoff", Call(Number(168, 225), nowhere));
        yield return Attempt("reboot", Call(Number(169, 142), 0, 0, 0, 0));
        yield return Attempt("init_module", Call(Number(175, 105), 0, 0, nowhere));
        yield return Attempt("finit_module", Call(Number(313, 273), Missing, nowhere, 0));
        yield return Attempt("delete_module", Call(Number(176, 106), nowhere, 0));
        yield return Attempt("kexec_load", Call(Number(246, 104), 0, Missing, 0, 0));
        yield return Attempt("acct", Call(Number(163, 89), nowhere));
        yield return Attempt("quotactl", Call(Number(179, 60), Missing, nowhere, 0, 0));
        yield return Attempt("settimeofday", Call(Number(164, 170), 0, 0));
        yield return Attempt("clock_settime", Call(Number(227, 112), 1, Buffer()));
        yield return Attempt("adjtimex", Call(Number(159, 171), Buffer()));
        yield return Attempt("sethostname", Call(Number(170, 161), Text(Environment.MachineName), Encoding.UTF8.GetByteCount(Environment.MachineName)));
        yield return Attempt("setdomainname", Call(Number(171, 162), Text("(none)"), 6));
        yield return Attempt("personality", Call(Number(135, 92), unchecked((nint)uint.MaxValue)));
        yield return Attempt("setuid", Call(Number(105, 146), 0));
        yield return Attempt("setgid", Call(Number(106, 144), 0));
        yield return Attempt("setresuid", Call(Number(117, 147), Missing, Missing, Missing));
        yield return Attempt("setfsuid", Call(Number(122, 151), 0));
        yield return Attempt("setgroups", Call(Number(116, 159), 0, 0));
        yield return Attempt("capset", Call(Number(126, 91), 0, 0));
        yield return Attempt("keyctl", Call(Number(250, 219), 0, -2, 0));
        yield return Attempt("add_key", Call(Number(248, 217), Text("user"), Text("pybo"), nowhere, 1, -2));
        yield return Attempt("request_key", Call(Number(249, 218), Text("user"), Text("pybo"), 0, 0));
        yield return Attempt("bpf", Call(Number(321, 280), 0, 0, 0));
        yield return Attempt("userfaultfd", Call(Number(323, 282), 1));
        yield return Attempt("perf_event_open", Call(Number(298, 241), Buffer(), 0, Missing, Missing, 0));
        yield return Attempt("syslog", Call(Number(103, 116), 10, 0, 0));
        yield return Attempt("setsid", Call(Number(112, 157)));
        yield return Attempt("timer_create", Call(Number(222, 107), 0, 0, Buffer()));
        if (IsX64)
        {
            yield return Attempt("iopl", Call(172, 0));
            yield return Attempt("ioperm", Call(173, 0x80, 1, 0));
            yield return Attempt("arch_prctl", Call(158, 0x1001, Buffer()));
            yield return Attempt("modify_ldt", Call(154, 0, Buffer(), 0));
            yield return Attempt("an x32 call", Call(0x4000_0000 | 39));
        }
    }

    private static IEnumerable<string> Programs()
    {
        const int childSignal = 17;
        const int newUsers = 0x1000_0000;
        const int newMounts = 0x2_0000;
        const int thread = 0x1_0000;
        yield return Attempt("clone", Call(Number(56, 220), childSignal, 0, 0, 0, 0));
        yield return Attempt("clone into new users", Call(Number(56, 220), childSignal | newUsers, 0, 0, 0, 0));
        yield return Attempt("clone a thread into new mounts", Call(Number(56, 220), thread | newMounts, 0, 0, 0, 0));
        yield return Attempt("clone3", Call(435, Buffer(), 64));
        if (IsX64)
        {
            yield return Attempt("fork", Call(57));
            yield return Attempt("vfork", Call(58));
        }

        var none = Buffer();
        yield return Attempt("execve", Call(Number(59, 221), Text("/bin/true"), none, none));
        yield return Attempt("execveat", Call(Number(322, 281), Here, Text("/bin/true"), none, none, 0));
        yield return Api("Process.Start", () => Process.Start("/bin/true").Dispose());
    }

    private static string Attempt(string name, nint answer)
    {
        var error = Marshal.GetLastPInvokeError();
        return answer >= 0 ? $"{name}\tSUCCEEDED ({answer})" : error is NotPermitted or NoAccess or NoSuchCall ? $"{name}\t{Refused}" : $"{name}\tnot refused, error {error}";
    }

    private static string Api(string name, Action action)
    {
        try
        {
            action();
            return $"{name}\tSUCCEEDED";
        }
        catch (Exception error) when (error is UnauthorizedAccessException or IOException or SocketException { NativeErrorCode: NotPermitted or NoAccess or NoSuchCall } or Win32Exception { NativeErrorCode: NotPermitted or NoAccess or NoSuchCall }
            or ArgumentException or InvalidOperationException or TypeInitializationException)
        {
            return $"{name}\t{Refused}";
        }
        catch (Exception error) when (error is SocketException or Win32Exception)
        {
            return $"{name}\tnot refused, {error.Message}";
        }
    }

    private static string Try(string name, Action action)
    {
        try
        {
            action();
            return $"{name}\t{Allowed}";
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            return $"{name}\t{error.GetType().Name} {error.Message.ReplaceLineEndings(" ")}";
        }
    }

    private static void Check(nint answer)
    {
        if (answer < 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }
    }

    /// <summary>Checks the metadata alone, which no rule covers. A missing file proves nothing.</summary>
    private static bool Exists(string path) => Call(Number(269, 48), Here, Text(path), 0) == 0 || Marshal.GetLastPInvokeError() != 2;

    private static nint Open(string path, int flags) => Call(Number(257, 56), Here, Text(path), flags, 0);

    private static nint Reopen(string path)
    {
        var handle = Open(path, 0x20_0000);
        return handle < 0 ? handle : Open($"/proc/self/fd/{handle}", 0);
    }

    private static void SetMode(string path)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Leave(string path) => _ = new Opener(path);

    private static string Short(string path) => path.Replace(AppContext.BaseDirectory, "<program>/", StringComparison.Ordinal);

    private static nint Number(nint x64, nint arm64) => IsX64 ? x64 : arm64;

    /// <summary>Never freed: the process is short-lived.</summary>
    private static nint Text(string text) => Marshal.StringToCoTaskMemUTF8(text);

    private static nint Buffer()
    {
        const int bytes = 4_096;
        var buffer = Marshal.AllocHGlobal(bytes);
        Marshal.Copy(new byte[bytes], 0, buffer, bytes);
        return buffer;
    }

    private static nint Ones()
    {
        var buffer = Buffer();
        Marshal.WriteInt64(buffer, Missing);
        return buffer;
    }

    /// <summary>A siginfo_t whose code is SI_QUEUE.</summary>
    private static nint Signal()
    {
        var buffer = Buffer();
        Marshal.WriteInt32(buffer, 2 * sizeof(int), -1);
        return buffer;
    }

    private static nint Call(nint number, nint first = 0, nint second = 0, nint third = 0, nint fourth = 0, nint fifth = 0, nint sixth = 0) =>
        SystemCall(number, first, second, third, fourth, fifth, sixth);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint SystemCall(nint number, nint first, nint second, nint third, nint fourth, nint fifth, nint sixth);

    [LibraryImport("libc", EntryPoint = "getppid")]
    private static partial int Parent();

    private sealed class Opener(string path)
    {
        ~Opener() => finalized = Attempt($"read {path} in a finalizer", Open(path, 0));
    }
}
