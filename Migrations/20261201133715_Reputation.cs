using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Pybo.Migrations
{
    /// <inheritdoc />
    public partial class Reputation : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            // In place: EF Core would make a table with a new check anew, and its triggers would be lost. Kept votes of deleted posts are up votes like the others.
            migrationBuilder.Sql("""
                alter table QuestionVotes add column Value integer not null default 1 constraint CK_QuestionVotes_Value check (Value in (1, -1));
                alter table AnswerVotes add column Value integer not null default 1 constraint CK_AnswerVotes_Value check (Value in (1, -1));
                alter table AspNetUsers add column Reputation integer not null default 0;
                update DeletedRows set Json = json_set(Json, '$.Value', 1) where TableName in ('QuestionVotes', 'AnswerVotes');
                """);

            migrationBuilder.CreateTable(
                name: "MemberFollows",
                columns: table => new
                {
                    MemberId = table.Column<long>(type: "INTEGER", nullable: false),
                    UserId = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_MemberFollows", x => new { x.MemberId, x.UserId });
                    table.ForeignKey(
                        name: "FK_MemberFollows_AspNetUsers_MemberId",
                        column: x => x.MemberId,
                        principalTable: "AspNetUsers",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "FK_MemberFollows_AspNetUsers_UserId",
                        column: x => x.UserId,
                        principalTable: "AspNetUsers",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "TagSynonyms",
                columns: table => new
                {
                    Name = table.Column<string>(type: "TEXT", maxLength: 30, nullable: false),
                    Initials = table.Column<string>(type: "TEXT", maxLength: 30, nullable: false),
                    TagId = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_TagSynonyms", x => x.Name);
                    table.ForeignKey(
                        name: "FK_TagSynonyms_Tags_TagId",
                        column: x => x.TagId,
                        principalTable: "Tags",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_MemberFollows_UserId",
                table: "MemberFollows",
                column: "UserId");

            migrationBuilder.CreateIndex(
                name: "IX_TagSynonyms_TagId",
                table: "TagSynonyms",
                column: "TagId");

            // The rows of a deleted post are gone when those of its votes are deleted, so its own trigger takes back what they gave its author.
            migrationBuilder.Sql("""
                drop trigger QuestionVotes_inserted; drop trigger QuestionVotes_deleted; drop trigger AnswerVotes_inserted; drop trigger AnswerVotes_deleted;
                create trigger QuestionVotes_inserted after insert on QuestionVotes begin
                    update Questions set VoteCount = VoteCount + new.Value where Id = new.QuestionId;
                    update AspNetUsers set Reputation = Reputation + iif(new.Value > 0, 5, -2) where Id = (select AuthorId from Questions where Id = new.QuestionId);
                end;
                create trigger QuestionVotes_changed after update of Value on QuestionVotes when old.Value <> new.Value begin
                    update Questions set VoteCount = VoteCount + new.Value - old.Value where Id = new.QuestionId;
                    update AspNetUsers set Reputation = Reputation + iif(new.Value > 0, 7, -7) where Id = (select AuthorId from Questions where Id = new.QuestionId);
                end;
                create trigger QuestionVotes_deleted after delete on QuestionVotes begin
                    update Questions set VoteCount = VoteCount - old.Value where Id = old.QuestionId;
                    update AspNetUsers set Reputation = Reputation - iif(old.Value > 0, 5, -2) where Id = (select AuthorId from Questions where Id = old.QuestionId);
                end;
                create trigger AnswerVotes_inserted after insert on AnswerVotes begin
                    update Answers set VoteCount = VoteCount + new.Value where Id = new.AnswerId;
                    update AspNetUsers set Reputation = Reputation + iif(new.Value > 0, 10, -2) where Id = (select AuthorId from Answers where Id = new.AnswerId);
                    update AspNetUsers set Reputation = Reputation - 1 where Id = new.UserId and new.Value < 0;
                end;
                create trigger AnswerVotes_changed after update of Value on AnswerVotes when old.Value <> new.Value begin
                    update Answers set VoteCount = VoteCount + new.Value - old.Value where Id = new.AnswerId;
                    update AspNetUsers set Reputation = Reputation + iif(new.Value > 0, 12, -12) where Id = (select AuthorId from Answers where Id = new.AnswerId);
                    update AspNetUsers set Reputation = Reputation + iif(new.Value > 0, 1, -1) where Id = new.UserId;
                end;
                create trigger AnswerVotes_deleted after delete on AnswerVotes begin
                    update Answers set VoteCount = VoteCount - old.Value where Id = old.AnswerId;
                    update AspNetUsers set Reputation = Reputation - iif(old.Value > 0, 10, -2) where Id = (select AuthorId from Answers where Id = old.AnswerId);
                    update AspNetUsers set Reputation = Reputation + 1 where Id = old.UserId and old.Value < 0;
                end;
                create trigger Questions_accepted after update of AcceptedAnswerId on Questions when old.AcceptedAnswerId is not new.AcceptedAnswerId begin
                    update AspNetUsers set Reputation = Reputation - 15 where Id = (select AuthorId from Answers where Id = old.AcceptedAnswerId) and Id <> old.AuthorId;
                    update AspNetUsers set Reputation = Reputation + 15 where Id = (select AuthorId from Answers where Id = new.AcceptedAnswerId) and Id <> new.AuthorId;
                end;
                create trigger Questions_deleting before delete on Questions begin
                    update AspNetUsers set Reputation = Reputation - coalesce((select sum(iif(Value > 0, 5, -2)) from QuestionVotes where QuestionId = old.Id), 0) where Id = old.AuthorId;
                    update AspNetUsers set Reputation = Reputation - 15 where Id = (select AuthorId from Answers where Id = old.AcceptedAnswerId) and Id <> old.AuthorId;
                end;
                create trigger Answers_deleting before delete on Answers begin
                    update AspNetUsers set Reputation = Reputation - coalesce((select sum(iif(Value > 0, 10, -2)) from AnswerVotes where AnswerId = old.Id), 0)
                        - 15 * (select count(*) from Questions where AcceptedAnswerId = old.Id and AuthorId <> old.AuthorId) where Id = old.AuthorId;
                end;
                update AspNetUsers set Reputation = coalesce((select sum(iif(v.Value > 0, 5, -2)) from Questions q join QuestionVotes v on v.QuestionId = q.Id where q.AuthorId = AspNetUsers.Id), 0)
                    + coalesce((select sum(iif(v.Value > 0, 10, -2)) from Answers a join AnswerVotes v on v.AnswerId = a.Id where a.AuthorId = AspNetUsers.Id), 0)
                    + 15 * (select count(*) from Answers a join Questions q on q.AcceptedAnswerId = a.Id where a.AuthorId = AspNetUsers.Id and q.AuthorId <> a.AuthorId);

                drop trigger QuestionTags_deleted; drop trigger Tags_described;
                create trigger QuestionTags_deleted after delete on QuestionTags begin
                    update Tags set QuestionCount = QuestionCount - 1 where Id = old.TagId;
                    delete from Tags where Id = old.TagId and QuestionCount = 0 and Description = '' and not exists (select 1 from TagSynonyms where TagId = old.TagId);
                end;
                create trigger Tags_described after update of Description on Tags
                    when new.Description = '' and new.QuestionCount = 0 and not exists (select 1 from TagSynonyms where TagId = new.Id) begin
                    delete from Tags where Id = new.Id;
                end;
                create trigger TagSynonyms_deleted after delete on TagSynonyms begin
                    delete from Tags where Id = old.TagId and QuestionCount = 0 and Description = '' and not exists (select 1 from TagSynonyms where TagId = old.TagId);
                end;
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            // The version before counts every vote as an up vote, and knows no tag without questions and description.
            migrationBuilder.Sql("""
                delete from QuestionVotes where Value < 0;
                delete from AnswerVotes where Value < 0;
                delete from DeletedRows where TableName in ('QuestionVotes', 'AnswerVotes') and json_extract(Json, '$.Value') < 0;
                delete from Notifications where Kind > 5;
                delete from TagSynonyms;
                drop trigger QuestionVotes_inserted; drop trigger QuestionVotes_changed; drop trigger QuestionVotes_deleted;
                drop trigger AnswerVotes_inserted; drop trigger AnswerVotes_changed; drop trigger AnswerVotes_deleted;
                drop trigger Questions_accepted; drop trigger Questions_deleting; drop trigger Answers_deleting;
                drop trigger QuestionTags_deleted; drop trigger Tags_described; drop trigger TagSynonyms_deleted;
                create trigger QuestionVotes_inserted after insert on QuestionVotes begin
                    update Questions set VoteCount = VoteCount + 1 where Id = new.QuestionId;
                end;
                create trigger QuestionVotes_deleted after delete on QuestionVotes begin
                    update Questions set VoteCount = VoteCount - 1 where Id = old.QuestionId;
                end;
                create trigger AnswerVotes_inserted after insert on AnswerVotes begin
                    update Answers set VoteCount = VoteCount + 1 where Id = new.AnswerId;
                end;
                create trigger AnswerVotes_deleted after delete on AnswerVotes begin
                    update Answers set VoteCount = VoteCount - 1 where Id = old.AnswerId;
                end;
                create trigger QuestionTags_deleted after delete on QuestionTags begin
                    update Tags set QuestionCount = QuestionCount - 1 where Id = old.TagId;
                    delete from Tags where Id = old.TagId and QuestionCount = 0 and Description = '';
                end;
                create trigger Tags_described after update of Description on Tags when new.Description = '' and new.QuestionCount = 0 begin
                    delete from Tags where Id = new.Id;
                end;
                alter table QuestionVotes drop column Value;
                alter table AnswerVotes drop column Value;
                alter table AspNetUsers drop column Reputation;
                """);

            migrationBuilder.DropTable(
                name: "MemberFollows");

            migrationBuilder.DropTable(
                name: "TagSynonyms");
        }
    }
}
