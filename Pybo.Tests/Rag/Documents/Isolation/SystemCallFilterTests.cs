using Pybo.Rag.Documents.Isolation;

namespace Pybo.Tests.Rag.Documents.Isolation;

/// <summary>The filter's program, run here for both processors as the kernel runs it.</summary>
public sealed class SystemCallFilterTests
{
    private const uint Process = 4_711;
    private const uint Allow = 0x7FFF_0000;
    private const uint NotPermitted = 0x0005_0001;
    private const uint NoSuchCall = 0x0005_0026;

    public static TheoryData<uint> Architectures => [(uint)SystemCallFilter.Architecture.X64, (uint)SystemCallFilter.Architecture.Arm64];

    [Theory]
    [MemberData(nameof(Architectures))]
    public void Listed_calls_are_allowed_and_all_others_refused(uint architecture)
    {
        var allowed = SystemCallFilter.Calls.Where(call => call.Condition is null).Select(call => Number(architecture, call)).OfType<uint>().ToHashSet();
        var conditional = SystemCallFilter.Calls.Where(call => call.Condition is not null).Select(call => Number(architecture, call)).OfType<uint>().ToHashSet();
        Assert.Equal(SystemCallFilter.Calls.Count(call => Number(architecture, call) is not null), allowed.Count + conditional.Count);
        for (uint number = 0; number < 1_000; number++)
        {
            uint[] arguments = [0x1234_5678, 0x1234_5678, 0x1234_5678];
            Assert.Equal(allowed.Contains(number) ? Allow : number < 424 || conditional.Contains(number) ? NotPermitted : NoSuchCall, Answer(architecture, number, arguments));
            Assert.Equal(NotPermitted, Answer(architecture, 0x4000_0000 | number, arguments));
        }
    }

    [Theory]
    [MemberData(nameof(Architectures))]
    public void Another_processors_calls_are_refused(uint architecture)
    {
        const uint i386 = 0x4000_0003;
        var program = SystemCallFilter.Program((SystemCallFilter.Architecture)architecture, Process).ToArray();
        Assert.All(Enumerable.Range(0, 500), number => Assert.Equal(NotPermitted, Run(program, i386, (uint)number, [])));
    }

    [Theory]
    [MemberData(nameof(Architectures))]
    public void Signals_go_to_this_process_only(uint architecture)
    {
        foreach (var name in (string[])["kill", "tgkill", "rt_tgsigqueueinfo"])
        {
            Assert.Equal(Allow, Answer(architecture, name, Process));
            Assert.All((uint[])[0, 1, Process + 1, unchecked(0 - Process), uint.MaxValue], other => Assert.Equal(NotPermitted, Answer(architecture, name, other)));
        }

        Assert.Equal(Allow, Answer(architecture, "prlimit64", 0));
        Assert.Equal(NotPermitted, Answer(architecture, "prlimit64", Process + 1));
    }

    [Theory]
    [MemberData(nameof(Architectures))]
    public void Only_threads_can_be_created(uint architecture)
    {
        const uint thread = 0x003D_0F00;
        Assert.Equal(Allow, Answer(architecture, "clone", thread));
        Assert.Equal(NotPermitted, Answer(architecture, "clone", 17));
        uint[] more = [0x80, 0x2_0000, 0x200_0000, 0x400_0000, 0x800_0000, 0x1000_0000, 0x2000_0000, 0x4000_0000, 0x4000, 0x8000, 17]; // time, mounts, groups, names, queues, users, processes, network; vfork, a parent's parent, a signal
        Assert.All(more, flag => Assert.Equal(NotPermitted, Answer(architecture, "clone", thread | flag)));
    }

    [Theory]
    [MemberData(nameof(Architectures))]
    public void Files_can_only_be_opened_for_reading(uint architecture)
    {
        const uint closeOnExecute = 0x8_0000;
        Assert.Equal(Allow, Answer(architecture, "openat", 0, 0, closeOnExecute));
        Assert.All((uint[])[1, 2, 0x40, 0x200, 0x400, 0x40_0000], flag => Assert.Equal(NotPermitted, Answer(architecture, "openat", 0, 0, closeOnExecute | flag)));
        Assert.Equal(Allow, Answer(architecture, "flock", 3, 5));
        Assert.Equal(NotPermitted, Answer(architecture, "flock", 3, 2));
        Assert.Equal(NotPermitted, Answer(architecture, "fcntl", 3, 8));
    }

    private static uint Answer(uint architecture, string name, params uint[] arguments) =>
        Answer(architecture, Number(architecture, SystemCallFilter.Calls.Single(call => call.Name == name))!.Value, arguments);

    private static uint Answer(uint architecture, uint number, uint[] arguments) =>
        Run([.. SystemCallFilter.Program((SystemCallFilter.Architecture)architecture, Process)], architecture, number, arguments);

    private static uint? Number(uint architecture, SystemCallFilter.AllowedCall call) => architecture == (uint)SystemCallFilter.Architecture.X64 ? call.X64 : call.Arm64;

    /// <summary>The five instructions that the filter uses (linux/bpf_common.h), over struct seccomp_data.</summary>
    private static uint Run(SystemCallFilter.Instruction[] program, uint architecture, uint number, uint[] arguments)
    {
        var accumulator = 0u;
        for (var at = 0; at < program.Length; at++)
        {
            var (code, jumpTrue, jumpFalse, operand) = program[at];
            switch (code)
            {
                case 0x20:
                    accumulator = operand switch { 0 => number, 4 => architecture, _ => (operand - 16) / 8 is var index && index < arguments.Length ? arguments[index] : 0 };
                    break;
                case 0x54:
                    accumulator &= operand;
                    break;
                case 0x15:
                    at += accumulator == operand ? jumpTrue : jumpFalse;
                    break;
                case 0x35:
                    at += accumulator >= operand ? jumpTrue : jumpFalse;
                    break;
                case 0x06:
                    return operand;
                default:
                    Assert.Fail($"Instruction {code} is none of the filter's.");
                    break;
            }
        }

        throw new InvalidOperationException("The program has no end.");
    }
}
