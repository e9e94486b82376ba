using System.IO.Compression;

namespace Pybo.Tests.Upgrades;

/// <summary>The contents of the site in <c>Samples/site-22acbde</c>: names and words only, without the program's types, which may change later.</summary>
internal static class Site22acbde
{
    public const string Administrator = "홍길동";
    public const string Asker = "김철수";
    public const string Helper = "이영희";

    /// <summary>A name that a later version may refuse at sign-up.</summary>
    public const string NameSake = "관리자";

    /// <summary>Words that occur in one source only.</summary>
    public const string PrivateWord = "바나듐일지";
    public const string MembersWord = "흑요석규정";
    public const string EveryoneWord = "석류나무전지";
    public const string AdministratorWord = "자수정매출";
    public const string AnswerWord = "비상인터폰";
    public const string EditedWord = "황동레버";
    public const string WordBeforeEdit = "아연손잡이";

    public const long LiftQuestion = 1;
    public const long CodeQuestion = 2;
    public const long OpenQuestion = 3;
    public const long DeletedQuestion = 4;

    /// <summary>The documents in order of arrival; each with its owner (null: the command line), its readers as the page names them, its collection, and one of its words.</summary>
    public static readonly IReadOnlyList<SampleDocument> Documents =
    [
        new(1, "안내.md", null, "모두", null, "열람실"),
        new(2, "회의록.txt", null, "모두", null, "승강기"),
        new(3, "근무표.html", null, "회원", "직원 안내", "당직표"),
        new(4, "바나듐.txt", Asker, "나만", null, PrivateWord),
        new(5, "규정.docx", Asker, "회원", null, MembersWord),
        new(6, "workshop.pdf", Helper, "모두", null, "kaleidoscope"),
        new(7, "정원.hwp", Helper, "모두", "정원 모음", EveryoneWord),
        new(8, "깨진.pdf", Helper, "나만", null, null),
        new(9, "매출.xlsx", Administrator, "나만", null, AdministratorWord),
    ];

    public static string Folder(string root) => Path.Combine(root, "Pybo.Tests", "Samples", "site-22acbde");

    /// <summary>Copies the file to the path of a site's database.</summary>
    public static async Task UnpackAsync(string databaseFile)
    {
        await using var packed = File.OpenRead(Path.Combine(AppContext.BaseDirectory, "Samples", "site-22acbde", "pybo.db.gz"));
        await using var plain = new GZipStream(packed, CompressionMode.Decompress);
        await using var file = File.Create(databaseFile);
        await plain.CopyToAsync(file);
    }
}

/// <summary>A document of the sample; <paramref name="Word"/> is null for the unreadable one.</summary>
internal sealed record SampleDocument(long Id, string Path, string? Owner, string Readers, string? Collection, string? Word)
{
    public bool IsFor(string? member) => Readers switch
    {
        "모두" => true,
        "회원" => member is not null,
        _ => member == Owner,
    };
}

/// <summary>A turn as its page showed it at 22acbde.</summary>
/// <param name="Answer">With white space folded.</param>
internal sealed record SampleTurn(string Question, string Answer, IReadOnlyList<SampleCitation> Cited);

internal sealed record SampleCitation(string Title, string Quote);

/// <summary>A conversation and its member.</summary>
internal sealed record SampleConversation(long Id, string Member, string? Scope, IReadOnlyList<SampleTurn> Turns);

/// <summary>A question as its page showed it at 22acbde.</summary>
/// <param name="Views">As the list showed them after a restart.</param>
/// <param name="Answers">By votes; each with its votes and its text, white space folded.</param>
internal sealed record SampleQuestion(long Id, string Title, string Author, int Votes, int Views, bool IsAccepted, string Text, IReadOnlyList<SampleAnswer> Answers);

internal sealed record SampleAnswer(string Author, int Votes, bool IsAccepted, string Text);

/// <summary><c>expected.json</c>: the contents of pages at 22acbde.</summary>
internal sealed record SampleSite(IReadOnlyList<SampleQuestion> Questions, IReadOnlyList<SampleConversation> Conversations);
