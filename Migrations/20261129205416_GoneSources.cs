using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Pybo.Migrations
{
    /// <inheritdoc />
    public partial class GoneSources : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_DocumentFiles_Hash",
                table: "DocumentFiles");

            migrationBuilder.AddColumn<bool>(
                name: "IsAnswerGone",
                table: "Turns",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<bool>(
                name: "RepeatsEarlier",
                table: "Turns",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<int>(
                name: "Chunks",
                table: "Documents",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<bool>(
                name: "IsGone",
                table: "Citations",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<bool>(
                name: "IsGround",
                table: "Citations",
                type: "INTEGER",
                nullable: false,
                defaultValue: true);

            // In place, with their keys: EF Core would make the table anew.
            migrationBuilder.Sql("""
                alter table Citations add column AnswerId integer null constraint FK_Citations_Answers_AnswerId references Answers(Id) on delete set null;
                alter table Citations add column QuestionId integer null constraint FK_Citations_Questions_QuestionId references Questions(Id) on delete set null;
                """);

            migrationBuilder.CreateIndex(
                name: "IX_Documents_OwnerId_Id",
                table: "Documents",
                columns: new[] { "OwnerId", "Id" },
                filter: "IndexedAt is null and IndexError is null");

            migrationBuilder.CreateIndex(
                name: "IX_DocumentFiles_Hash",
                table: "DocumentFiles",
                column: "Hash");

            migrationBuilder.CreateIndex(
                name: "IX_Citations_AnswerId",
                table: "Citations",
                column: "AnswerId");

            migrationBuilder.CreateIndex(
                name: "IX_Citations_QuestionId",
                table: "Citations",
                column: "QuestionId");

            // What each citation comes from, by its address: /questions/5, /questions/5?answer=7#answer_7.
            migrationBuilder.Sql("""
                update Citations set QuestionId = (select q.Id from Questions q where q.Id = cast(substr(Url, length('/questions/') + 1) as integer)) where Kind in (1, 2);
                update Citations set AnswerId = (select a.Id from Answers a where instr(Url, '?answer=') > 0 and a.Id = cast(substr(Url, instr(Url, '?answer=') + length('?answer=')) as integer)) where Kind = 2;
                update Citations set IsGround = Quote is not null
                    where exists (select 1 from Citations o where o.TurnId = Citations.TurnId and o.Quote is not null);
                update Turns set RepeatsEarlier = 1 where Answer <> '' and Model is not null and Model <> 'extractive'
                    and exists (select 1 from Turns e where e.ConversationId = Turns.ConversationId and e.Id < Turns.Id);
                update Documents set Chunks = (select count(*) from Passages p join Chunks c on c.PassageId = p.Id where p.DocumentId = Documents.Id
                    and c.ModelId = (select m.Id from EmbeddingModels m order by m.ServingSince is null, m.Id limit 1));
                insert into Counters(Name, Value) values ('deleted-passages', 1);
                """);

            migrationBuilder.Sql("""
                create trigger Citations_gone after update of IsGone on Citations when new.IsGone = 1 and old.IsGone = 0 begin
                    update Turns set Answer = '', IsAnswerGone = 1 where new.IsGround = 1 and Id = new.TurnId and Refused = 0 and Answer <> '';
                    update Turns set Answer = '', IsAnswerGone = 1 where new.IsGround = 1 and RepeatsEarlier = 1 and Refused = 0 and Answer <> ''
                        and ConversationId = (select t.ConversationId from Turns t where t.Id = new.TurnId) and Id > new.TurnId;
                    update Citations set Title = '', Source = Url, Snippet = '', Quote = iif(Quote is null, null, ''), Page = null,
                        PassageId = null, QuestionId = null, AnswerId = null, DocumentId = null where Id = new.Id;
                end;
                create trigger Questions_cited before delete on Questions begin
                    update Citations set IsGone = 1 where QuestionId = old.Id;
                end;
                create trigger Answers_cited before delete on Answers begin
                    update Citations set IsGone = 1 where AnswerId = old.Id;
                end;
                create trigger Documents_cited before delete on Documents begin
                    update Citations set IsGone = 1 where DocumentId = old.Id;
                    update Conversations set ScopeName = '' where DocumentId = old.Id;
                end;
                create trigger Collections_asked before delete on Collections begin
                    update Conversations set ScopeName = '' where CollectionId = old.Id;
                end;
                create trigger Passages_words_deleted after delete on Passages begin
                    update Counters set Value = Value + 1 where Name = 'deleted-passages';
                end;
                """);

            // The same for what is gone already. Whether a source that was edited after it was asked still says what was quoted, nobody can tell any more.
            migrationBuilder.Sql("""
                update Citations set IsGone = 1 where
                    (Kind = 1 and QuestionId is null) or (Kind = 2 and (QuestionId is null or AnswerId is null)) or (Kind = 3 and DocumentId is null)
                    or exists (select 1 from Turns t join Questions q on q.Id = Citations.QuestionId where t.Id = Citations.TurnId and q.ModifiedAt >= t.CreatedAt)
                    or exists (select 1 from Turns t join Answers a on a.Id = Citations.AnswerId where t.Id = Citations.TurnId and a.ModifiedAt >= t.CreatedAt)
                    or exists (select 1 from Turns t join Documents d on d.Id = Citations.DocumentId where t.Id = Citations.TurnId and d.ModifiedAt >= t.CreatedAt);
                update Conversations set ScopeName = '' where ScopeName is not null and DocumentId is null and CollectionId is null;
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("""
                drop trigger Citations_gone; drop trigger Questions_cited; drop trigger Answers_cited; drop trigger Documents_cited;
                drop trigger Collections_asked; drop trigger Passages_words_deleted;
                delete from Counters where Name = 'deleted-passages';
                delete from DocumentFiles where Id not in (select FileId from Documents);
                """);

            migrationBuilder.DropForeignKey(
                name: "FK_Citations_Answers_AnswerId",
                table: "Citations");

            migrationBuilder.DropForeignKey(
                name: "FK_Citations_Questions_QuestionId",
                table: "Citations");

            migrationBuilder.DropIndex(
                name: "IX_Documents_OwnerId_Id",
                table: "Documents");

            migrationBuilder.DropIndex(
                name: "IX_DocumentFiles_Hash",
                table: "DocumentFiles");

            migrationBuilder.DropIndex(
                name: "IX_Citations_AnswerId",
                table: "Citations");

            migrationBuilder.DropIndex(
                name: "IX_Citations_QuestionId",
                table: "Citations");

            // In place: a table that is made anew loses its triggers.
            migrationBuilder.Sql("alter table Turns drop column IsAnswerGone; alter table Turns drop column RepeatsEarlier; alter table Documents drop column Chunks;");

            migrationBuilder.DropColumn(
                name: "AnswerId",
                table: "Citations");

            migrationBuilder.DropColumn(
                name: "IsGone",
                table: "Citations");

            migrationBuilder.DropColumn(
                name: "IsGround",
                table: "Citations");

            migrationBuilder.DropColumn(
                name: "QuestionId",
                table: "Citations");

            // The version before has each file once.
            migrationBuilder.Sql("""
                update or ignore Documents set FileId = (select min(o.Id) from DocumentFiles f join DocumentFiles o on o.Hash = f.Hash where f.Id = Documents.FileId);
                delete from DocumentFiles where Id not in (select FileId from Documents);
                """);

            migrationBuilder.CreateIndex(
                name: "IX_DocumentFiles_Hash",
                table: "DocumentFiles",
                column: "Hash",
                unique: true);
        }
    }
}
