using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Pybo.Migrations
{
    /// <inheritdoc />
    public partial class ChatVersions : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "ParentId",
                table: "Turns",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "IsPinned",
                table: "Conversations",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<byte[]>(
                name: "ShareKeyHash",
                table: "Conversations",
                type: "BLOB",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "PromptPresets",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    Title = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    Text = table.Column<string>(type: "TEXT", maxLength: 4000, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_PromptPresets", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "TurnRatings",
                columns: table => new
                {
                    TurnId = table.Column<long>(type: "INTEGER", nullable: false),
                    IsGood = table.Column<bool>(type: "INTEGER", nullable: false),
                    Reason = table.Column<string>(type: "TEXT", maxLength: 500, nullable: false),
                    ShowsText = table.Column<bool>(type: "INTEGER", nullable: false),
                    RatedAt = table.Column<DateTime>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_TurnRatings", x => x.TurnId);
                    table.ForeignKey(
                        name: "FK_TurnRatings_Turns_TurnId",
                        column: x => x.TurnId,
                        principalTable: "Turns",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_Turns_ParentId",
                table: "Turns",
                column: "ParentId");

            migrationBuilder.CreateIndex(
                name: "IX_Conversations_ShareKeyHash",
                table: "Conversations",
                column: "ShareKeyHash",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_TurnRatings_RatedAt",
                table: "TurnRatings",
                column: "RatedAt");

            // What was asked so far is one path: each turn follows the one before it.
            migrationBuilder.Sql("update Turns set ParentId = (select max(e.Id) from Turns e where e.ConversationId = Turns.ConversationId and e.Id < Turns.Id)");

            // An answer that repeats an earlier one is removed with the turns of its own path, not with another version of a question.
            migrationBuilder.Sql("""
                drop trigger Citations_gone;
                create trigger Citations_gone after update of IsGone on Citations when new.IsGone = 1 and old.IsGone = 0 begin
                    update Turns set Answer = '', IsAnswerGone = 1 where new.IsGround = 1 and Id = new.TurnId and Refused = 0 and Answer <> '';
                    update Turns set Answer = '', IsAnswerGone = 1 where new.IsGround = 1 and RepeatsEarlier = 1 and Refused = 0 and Answer <> ''
                        and Id in (with recursive Later(Id) as (select new.TurnId union all select t.Id from Turns t join Later on t.ParentId = Later.Id) select Id from Later where Id <> new.TurnId);
                    update Citations set Title = '', Source = Url, Snippet = '', Quote = iif(Quote is null, null, ''), Page = null,
                        PassageId = null, QuestionId = null, AnswerId = null, DocumentId = null where Id = new.Id;
                end;
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("""
                drop trigger Citations_gone;
                create trigger Citations_gone after update of IsGone on Citations when new.IsGone = 1 and old.IsGone = 0 begin
                    update Turns set Answer = '', IsAnswerGone = 1 where new.IsGround = 1 and Id = new.TurnId and Refused = 0 and Answer <> '';
                    update Turns set Answer = '', IsAnswerGone = 1 where new.IsGround = 1 and RepeatsEarlier = 1 and Refused = 0 and Answer <> ''
                        and ConversationId = (select t.ConversationId from Turns t where t.Id = new.TurnId) and Id > new.TurnId;
                    update Citations set Title = '', Source = Url, Snippet = '', Quote = iif(Quote is null, null, ''), Page = null,
                        PassageId = null, QuestionId = null, AnswerId = null, DocumentId = null where Id = new.Id;
                end;
                """);

            migrationBuilder.DropTable(
                name: "PromptPresets");

            migrationBuilder.DropTable(
                name: "TurnRatings");

            migrationBuilder.DropIndex(
                name: "IX_Turns_ParentId",
                table: "Turns");

            migrationBuilder.DropIndex(
                name: "IX_Conversations_ShareKeyHash",
                table: "Conversations");

            // In place: a table that is made anew loses its triggers.
            migrationBuilder.Sql("alter table Turns drop column ParentId; alter table Conversations drop column IsPinned; alter table Conversations drop column ShareKeyHash;");
        }
    }
}
