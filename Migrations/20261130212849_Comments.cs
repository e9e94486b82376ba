using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Pybo.Migrations
{
    /// <inheritdoc />
    public partial class Comments : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "Comments",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    QuestionId = table.Column<long>(type: "INTEGER", nullable: true),
                    AnswerId = table.Column<long>(type: "INTEGER", nullable: true),
                    AuthorId = table.Column<long>(type: "INTEGER", nullable: false),
                    Body = table.Column<string>(type: "TEXT", maxLength: 1000, nullable: false),
                    Html = table.Column<string>(type: "TEXT", nullable: true),
                    HtmlVersion = table.Column<int>(type: "INTEGER", nullable: false),
                    CreatedAt = table.Column<DateTime>(type: "TEXT", nullable: false),
                    ModifiedAt = table.Column<DateTime>(type: "TEXT", nullable: true),
                    Revision = table.Column<int>(type: "INTEGER", nullable: false),
                    IndexedAt = table.Column<DateTime>(type: "TEXT", nullable: true),
                    IndexError = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Comments", x => x.Id);
                    table.CheckConstraint("CK_Comments_OnePost", "(QuestionId is null) <> (AnswerId is null)");
                    table.ForeignKey(
                        name: "FK_Comments_Answers_AnswerId",
                        column: x => x.AnswerId,
                        principalTable: "Answers",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "FK_Comments_AspNetUsers_AuthorId",
                        column: x => x.AuthorId,
                        principalTable: "AspNetUsers",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "FK_Comments_Questions_QuestionId",
                        column: x => x.QuestionId,
                        principalTable: "Questions",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            // In place, with their keys: EF Core would make the tables anew, and their triggers would be lost.
            migrationBuilder.Sql("""
                alter table Passages add column CommentId integer null constraint FK_Passages_Comments_CommentId references Comments(Id) on delete cascade;
                alter table Citations add column CommentId integer null constraint FK_Citations_Comments_CommentId references Comments(Id) on delete set null;
                """);

            migrationBuilder.CreateIndex(
                name: "IX_Passages_CommentId",
                table: "Passages",
                column: "CommentId");

            migrationBuilder.CreateIndex(
                name: "IX_Citations_CommentId",
                table: "Citations",
                column: "CommentId");

            migrationBuilder.CreateIndex(
                name: "IX_Comments_AnswerId_Id",
                table: "Comments",
                columns: new[] { "AnswerId", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_Comments_AuthorId_Id",
                table: "Comments",
                columns: new[] { "AuthorId", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_Comments_HtmlVersion",
                table: "Comments",
                column: "HtmlVersion");

            migrationBuilder.CreateIndex(
                name: "IX_Comments_IndexedAt",
                table: "Comments",
                column: "IndexedAt",
                filter: "IndexedAt is null");

            migrationBuilder.CreateIndex(
                name: "IX_Comments_QuestionId_Id",
                table: "Comments",
                columns: new[] { "QuestionId", "Id" });

            migrationBuilder.Sql("""
                drop trigger Citations_gone;
                create trigger Citations_gone after update of IsGone on Citations when new.IsGone = 1 and old.IsGone = 0 begin
                    update Turns set Answer = '', IsAnswerGone = 1 where new.IsGround = 1 and Id = new.TurnId and Refused = 0 and Answer <> '';
                    update Turns set Answer = '', IsAnswerGone = 1 where new.IsGround = 1 and RepeatsEarlier = 1 and Refused = 0 and Answer <> ''
                        and Id in (with recursive Later(Id) as (select new.TurnId union all select t.Id from Turns t join Later on t.ParentId = Later.Id) select Id from Later where Id <> new.TurnId);
                    update Citations set Title = '', Source = Url, Snippet = '', Quote = iif(Quote is null, null, ''), Page = null,
                        PassageId = null, QuestionId = null, AnswerId = null, CommentId = null, DocumentId = null where Id = new.Id;
                end;
                create trigger Comments_cited before delete on Comments begin
                    update Citations set IsGone = 1 where CommentId = old.Id;
                end;
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            // The version before knows no comments: answers that quote one lose it, as if it had been deleted.
            migrationBuilder.Sql("""
                update Citations set IsGone = 1 where Kind = 4;
                delete from Passages where Kind = 4;
                drop trigger Comments_cited;
                drop trigger Citations_gone;
                create trigger Citations_gone after update of IsGone on Citations when new.IsGone = 1 and old.IsGone = 0 begin
                    update Turns set Answer = '', IsAnswerGone = 1 where new.IsGround = 1 and Id = new.TurnId and Refused = 0 and Answer <> '';
                    update Turns set Answer = '', IsAnswerGone = 1 where new.IsGround = 1 and RepeatsEarlier = 1 and Refused = 0 and Answer <> ''
                        and Id in (with recursive Later(Id) as (select new.TurnId union all select t.Id from Turns t join Later on t.ParentId = Later.Id) select Id from Later where Id <> new.TurnId);
                    update Citations set Title = '', Source = Url, Snippet = '', Quote = iif(Quote is null, null, ''), Page = null,
                        PassageId = null, QuestionId = null, AnswerId = null, DocumentId = null where Id = new.Id;
                end;
                """);

            migrationBuilder.DropIndex(
                name: "IX_Passages_CommentId",
                table: "Passages");

            migrationBuilder.DropIndex(
                name: "IX_Citations_CommentId",
                table: "Citations");

            // In place: a table that is made anew loses its triggers.
            migrationBuilder.Sql("alter table Passages drop column CommentId; alter table Citations drop column CommentId;");

            migrationBuilder.DropTable(
                name: "Comments");
        }
    }
}
