using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using Microsoft.Data.Sqlite;
using Pybo.Tests.Attacks;
using Pybo.Tests.Pages;
using Pybo.Tests.Pages.Chat;
using Pybo.Tests.Pages.Documents;
using Pybo.Tests.Rag.Documents.Hwp;
using Pybo.Tests.Rag.Documents.Office;

namespace Pybo.Tests.Upgrades;

/// <summary>
/// Made <c>Samples/site-22acbde</c>: with <c>PYBO_ATTACKED</c> naming a build of commit 22acbde,
/// <c>dotnet test Pybo.Tests --no-build -- xUnit.Explicit=only --filter "FullyQualifiedName~Site22acbdeMaker"</c>. It runs only on request.
/// </summary>
public sealed class Site22acbdeMaker
{
    private const int IndexedWithinSeconds = 60;
    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true, Encoder = JavaScriptEncoder.Create(UnicodeRanges.All) };

    [Fact(Explicit = true)]
    public async Task Make_the_sample()
    {
        Assert.NotNull(Environment.GetEnvironmentVariable("PYBO_ATTACKED"));
        await using var site = AttackedSite.Prepare();
        await IngestAsync(site);
        await site.StartAgainAsync();
        var administrator = await site.SignUpAsync(Site22acbde.Administrator);
        var asker = await site.SignUpAsync(Site22acbde.Asker);
        var helper = await site.SignUpAsync(Site22acbde.Helper);
        await site.SignUpAsync(Site22acbde.NameSake);
        await WriteBoardAsync(administrator, asker, helper);
        await UploadAsync(administrator, asker, helper);
        await UntilIndexedAsync(site);
        await TalkAsync(administrator, asker, helper);
        await UntilIndexedAsync(site);
        await site.StopAsync();

        await site.StartAgainAsync();
        var expected = await ReadAsync(site);
        await site.StopAsync();

        // Reading the pages counted as views; a stop writes them.
        await site.StartAgainAsync();
        List<SampleQuestion> counted = [];
        foreach (var question in expected.Questions)
        {
            counted.Add(question with { Views = await Site22acbdePages.ReadViewsAsync(site.Visit(), question.Id) });
        }

        await site.StopAsync();
        var folder = Directory.CreateDirectory(Site22acbde.Folder(Repository.Root)).FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "expected.json"), JsonSerializer.Serialize(expected with { Questions = counted }, Json));
        LeaveTurnsOpen(site.DatabaseFile);
        await using var packed = File.Create(Path.Combine(folder, "pybo.db.gz"));
        await using var gzip = new GZipStream(packed, CompressionLevel.SmallestSize);
        await using var file = File.OpenRead(site.DatabaseFile);
        await file.CopyToAsync(gzip);
    }

    private static async Task IngestAsync(AttackedSite site)
    {
        var everyone = Directory.CreateDirectory(Path.Combine(site.Root, "everyone")).FullName;
        await File.WriteAllTextAsync(Path.Combine(everyone, "안내.md"), "# 작은도서관 이용 안내\n\n## 여는 시간\n\n열람실은 평일 오전 9시에 열고 오후 6시에 닫는다.\n\n## 빌리기\n\n| 회원 | 권수 |\n|---|---|\n| 어른 | 다섯 권 |\n| 어린이 | 열 권 |\n");
        await File.WriteAllTextAsync(Path.Combine(everyone, "회의록.txt"), "2026년 9월 운영위원회 회의록\n\n셋째, 고장이 잦은 승강기를 바꾸기로 했다. 승강기 공사는 2027년 1월 11일부터 3주 동안이며, 그동안 3층은 닫는다.\n");
        var members = Directory.CreateDirectory(Path.Combine(site.Root, "members")).FullName;
        await File.WriteAllTextAsync(Path.Combine(members, "근무표.html"), "<!DOCTYPE html><html><head><meta charset=\"utf-8\"><title>직원 근무표</title></head><body><h1>당직표</h1><table><tr><th>요일</th><th>당직</th></tr><tr><td>월요일</td><td>박민수</td></tr><tr><td>화요일</td><td>최지우</td></tr></table><p>당직표는 매달 마지막 금요일에 새로 붙인다.</p></body></html>");
        Assert.Equal(0, (await site.RunAsync(null, null, "ingest", everyone)).Code);
        Assert.Equal(0, (await site.RunAsync(null, null, "ingest", members, "--members", "--collection", "직원 안내")).Code);
    }

    private static async Task WriteBoardAsync(Visitor administrator, Visitor asker, Visitor helper)
    {
        await PostAsync(asker, "/questions/ask", ("Input.Title", "승강기가 층 사이에서 멈추면 어떻게 하나요?"), ("Input.Body", "어제 **승강기**가 멈췄습니다.\n\n1. 문을 억지로 열어도 되나요?\n2. 누구에게 알리나요?\n\n| 층 | 상태 |\n|---|---|\n| 2층 | 멈춤 |\n| 3층 | 닫힘 |"));
        await PostAsync(helper, "/questions/ask", ("Input.Title", "C#에서 리스트를 정렬하는 방법"), ("Input.Body", "아래처럼 했는데 순서가 그대로입니다.\n\n```csharp\nvar sorted = numbers.OrderBy(n => n);\nConsole.WriteLine(numbers[0]);\n```\n\n`List<int>`를 제자리에서 정렬하고 싶습니다."));
        await PostAsync(administrator, "/questions/ask", ("Input.Title", "현관 자물쇠가 뻑뻑합니다"), ("Input.Body", $"현관의 {Site22acbde.WordBeforeEdit}이 잘 돌아가지 않습니다."));
        await PostAsync(administrator, "/questions/ask", ("Input.Title", "곧 지울 질문: 유리온실 온도"), ("Input.Body", "유리온실의 온도는 밤에 18도로 맞춘다."));

        await PostAsync(helper, "/questions/1/answer", "/questions/1", ("Input.Body", $"문을 억지로 열지 말고 {Site22acbde.AnswerWord}을 누르세요. 관리실이 십 분 안에 옵니다."));
        await PostAsync(administrator, "/questions/1/answer", "/questions/1", ("Input.Body", "119에 전화해도 됩니다.\n\n- 침착하게 기다리기\n- 벽에 기대지 않기"));
        await PostAsync(asker, "/questions/2/answer", "/questions/2", ("Input.Body", "`numbers.Sort()`를 부르면 제자리에서 정렬됩니다."));

        await PostAsync(asker, "/questions/1?handler=VoteAnswer", "/questions/1", ("answer", "1"));
        await PostAsync(administrator, "/questions/1?handler=VoteAnswer", "/questions/1", ("answer", "1"));
        await PostAsync(asker, "/questions/1?handler=VoteAnswer", "/questions/1", ("answer", "2"));
        await PostAsync(asker, "/questions/1?handler=UnvoteAnswer", "/questions/1", ("answer", "2"));
        await PostAsync(helper, "/questions/1?handler=Vote", "/questions/1");
        await PostAsync(administrator, "/questions/1?handler=Vote", "/questions/1");
        await PostAsync(asker, "/questions/2?handler=Vote", "/questions/2");
        await PostAsync(asker, "/questions/1?handler=Accept", "/questions/1", ("answer", "1"));
        await PostAsync(administrator, "/questions/3/edit", ("Input.Title", "현관 자물쇠가 뻑뻑합니다"), ("Input.Body", $"현관의 {Site22acbde.EditedWord}가 잘 돌아가지 않습니다."));
        await PostAsync(administrator, "/answers/2/edit", ("Input.Body", "119에 전화해도 됩니다. 승강기 번호를 알려 주세요.\n\n- 침착하게 기다리기\n- 벽에 기대지 않기"));
    }

    private static async Task UploadAsync(Visitor administrator, Visitor asker, Visitor helper)
    {
        (await helper.PostFormAsync("/documents/collections?handler=Create", [new("name", "정원 모음"), new("audience", "everyone")], page: "/documents/collections")).Dispose();
        var garden = (await helper.SeeAsync("/documents/collections")).QuerySelector("[id^='collection-']")!.Id!["collection-".Length..];
        await SendAsync(asker, [new("audience", "own")], UploadTests.Text("바나듐.txt", $"{Site22acbde.PrivateWord} 첫째 날\n\n혈압은 아침에 128이었다. 약은 저녁 여덟 시에 먹는다."));
        await SendAsync(asker, [new("audience", "members")], ("규정.docx", OfficeFile.Docx(OfficeFile.P(Site22acbde.MembersWord) + OfficeFile.P("회비는 매달 오천 원이며 첫째 월요일에 낸다."))));
        await SendAsync(helper, [new("audience", "everyone")], ("workshop.pdf", Pdf("The kaleidoscope workshop opens at seven on Saturdays.")));
        await SendAsync(helper, [new("collection", garden)], ("정원.hwp", HwpBuilder.File(new HwpBuilder().Paragraph(0, $"{Site22acbde.EveryoneWord}는 삼월 둘째 주에 한다. 가지를 비스듬히 자르고 상처에 약을 바른다.").Section).Build()));
        await SendAsync(helper, [new("audience", "own")], ("깨진.pdf", Encoding.ASCII.GetBytes("%PDF-1.7\nThis is a broken file without any object.")));
        await SendAsync(administrator, [new("audience", "own")], ("매출.xlsx", OfficeFile.Xlsx($"<row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>{Site22acbde.AdministratorWord}</t></is></c><c r=\"B1\"><v>1250</v></c></row>")));
    }

    private static async Task TalkAsync(Visitor administrator, Visitor asker, Visitor helper)
    {
        await PostAsync(asker, "/chat", ("Input.Question", "승강기 공사는 언제부터 언제까지 하나요?"));
        await PostAsync(asker, "/chat/1", ("Input.Question", "승강기가 멈추면 무엇을 누르나요?"));
        await PostAsync(helper, "/chat", ("Input.Question", "와인은 어떤 잔에 마시나요?"));
        await PostAsync(asker, "/chat", "/chat?document=4", ("Input.Question", "아침 혈압은 얼마였나요?"), ("Input.Document", "4"));
        await PostAsync(helper, "/chat", ("Input.Question", "석류나무전지는 언제 하나요?"), ("Input.Collection", "2"));
        await PostAsync(helper, "/chat", ("Input.Question", "유리온실의 온도는 밤에 몇 도로 맞추나요?"));
        await PostAsync(asker, "/chat", ("Input.Question", "회비는 얼마이며 언제 내나요?"));
        await PostAsync(asker, "/chat/6", ("Input.Question", "리스트를 제자리에서 정렬하려면 무엇을 부르나요?"));
        await PostAsync(asker, "/chat/6", ("Input.Question", "열람실은 몇 시에 여나요?"));
        await PostAsync(administrator, "/questions/4?handler=Delete", "/questions/4");
    }

    private static async Task<SampleSite> ReadAsync(AttackedSite site)
    {
        var visitor = site.Visit();
        Dictionary<string, Visitor> members = [];
        foreach (var name in new[] { Site22acbde.Administrator, Site22acbde.Asker, Site22acbde.Helper })
        {
            members[name] = site.Visit();
            (await members[name].LogInAsync(name)).Dispose();
        }

        List<SampleQuestion> questions = [];
        foreach (var id in new[] { Site22acbde.LiftQuestion, Site22acbde.CodeQuestion, Site22acbde.OpenQuestion })
        {
            questions.Add(await Site22acbdePages.ReadQuestionAsync(visitor, id));
        }

        List<SampleConversation> conversations = [];
        foreach (var (id, name) in new[] { (1, Site22acbde.Asker), (2, Site22acbde.Helper), (3, Site22acbde.Asker), (4, Site22acbde.Helper), (5, Site22acbde.Helper), (6, Site22acbde.Asker) })
        {
            conversations.Add(await Site22acbdePages.ReadConversationAsync(members[name], name, id));
        }

        return new(questions, conversations);
    }

    /// <summary>Leaves the last two turns as after a crash of a process that was answering one and had not begun the other. Then compacts the database into a single small file.</summary>
    private static void LeaveTurnsOpen(string file)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ConnectionString);
        connection.Open();
        foreach (var sql in new[]
        {
            "delete from Citations where TurnId in (select Id from Turns order by Id desc limit 2)",
            "update Turns set State = 0, Answer = '', Refused = 0, Model = null, Note = null, AnsweredAt = null where Id = (select max(Id) from Turns)",
            "update Turns set State = 1, Answer = '여기까지 쓰다가', Refused = 0, AnsweredAt = null where Id = (select max(Id) - 1 from Turns)",
            "pragma wal_checkpoint(truncate)", "vacuum", "pragma journal_mode = delete",
        })
        {
            using var command = connection.CreateCommand();
            command.CommandText = sql;
            command.ExecuteNonQuery();
        }
    }

    private static async Task UntilIndexedAsync(AttackedSite site)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = site.DatabaseFile, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ConnectionString);
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = """
            select (select count(*) from Questions where IndexedAt is null) + (select count(*) from Answers where IndexedAt is null)
                 + (select count(*) from Documents where IndexedAt is null and IndexError is null)
            """;
        for (var waited = 0; waited < IndexedWithinSeconds * 10; waited++)
        {
            if (command.ExecuteScalar() is 0L)
            {
                return;
            }

            await Task.Delay(100);
        }

        Assert.Fail(site.Output);
    }

    private static byte[] Pdf(string text)
    {
        var content = $"BT /F 12 Tf 72 720 Td ({text}) Tj ET";
        string[] objects =
        [
            "<</Type/Catalog/Pages 2 0 R>>",
            "<</Type/Pages/Kids[3 0 R]/Count 1>>",
            "<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>/MediaBox[0 0 612 792]>>",
            $"<</Length {content.Length.ToString(CultureInfo.InvariantCulture)}>>stream\n{content}\nendstream",
            "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
        ];
        return Encoding.Latin1.GetBytes("%PDF-1.7\n" + string.Concat(objects.Select((o, i) => $"{(i + 1).ToString(CultureInfo.InvariantCulture)} 0 obj\n{o}\nendobj\n")) + "trailer\n<</Root 1 0 R>>\n");
    }

    private static Task PostAsync(Visitor member, string url, params (string Name, string Value)[] fields) => PostAsync(member, url, url, fields);

    private static async Task PostAsync(Visitor member, string url, string page, params (string Name, string Value)[] fields)
    {
        using var answer = await member.PostFormAsync(url, fields.Select(f => KeyValuePair.Create(f.Name, f.Value)), page);
        Assert.True(answer.Headers.Location is not null, $"{url}: {await answer.Content.ReadAsStringAsync()}");
    }

    private static async Task SendAsync(Visitor member, KeyValuePair<string, string>[] fields, (string Name, byte[] Bytes) file)
    {
        using var answer = await UploadTests.UploadAsync(member, fields, file);
        Assert.StartsWith("/documents?show=own", answer.Headers.Location?.OriginalString, StringComparison.Ordinal);
    }
}
