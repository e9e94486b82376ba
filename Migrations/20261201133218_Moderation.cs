using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Pybo.Migrations
{
    /// <inheritdoc />
    public partial class Moderation : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            // In place, with their keys: EF Core would make the table anew, and its triggers would be lost.
            migrationBuilder.Sql("""
                alter table Questions add column ClosedReason integer null;
                alter table Questions add column ClosedNote text null;
                alter table Questions add column ClosedById integer null constraint FK_Questions_AspNetUsers_ClosedById references AspNetUsers(Id) on delete set null;
                alter table Questions add column ClosedAt text null;
                alter table Questions add column OriginalId integer null constraint FK_Questions_Questions_OriginalId references Questions(Id) on delete set null;
                alter table Questions add column IsLocked integer not null default 0;
                alter table Questions add column PinnedAt text null;
                alter table Questions add column IsNotice integer not null default 0;
                """);

            migrationBuilder.CreateTable(
                name: "ModerationActs",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    QuestionId = table.Column<long>(type: "INTEGER", nullable: false),
                    ActorId = table.Column<long>(type: "INTEGER", nullable: true),
                    Kind = table.Column<int>(type: "INTEGER", nullable: false),
                    Note = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    CreatedAt = table.Column<DateTime>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ModerationActs", x => x.Id);
                    table.ForeignKey(
                        name: "FK_ModerationActs_AspNetUsers_ActorId",
                        column: x => x.ActorId,
                        principalTable: "AspNetUsers",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.SetNull);
                    table.ForeignKey(
                        name: "FK_ModerationActs_Questions_QuestionId",
                        column: x => x.QuestionId,
                        principalTable: "Questions",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_Questions_ClosedById",
                table: "Questions",
                column: "ClosedById",
                filter: "ClosedById is not null");

            migrationBuilder.CreateIndex(
                name: "IX_Questions_OriginalId",
                table: "Questions",
                column: "OriginalId",
                filter: "OriginalId is not null");

            migrationBuilder.CreateIndex(
                name: "IX_Questions_PinnedAt",
                table: "Questions",
                column: "PinnedAt",
                filter: "PinnedAt is not null");

            migrationBuilder.CreateIndex(
                name: "IX_ModerationActs_ActorId",
                table: "ModerationActs",
                column: "ActorId");

            migrationBuilder.CreateIndex(
                name: "IX_ModerationActs_QuestionId_Id",
                table: "ModerationActs",
                columns: new[] { "QuestionId", "Id" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "ModerationActs");

            migrationBuilder.DropIndex(
                name: "IX_Questions_ClosedById",
                table: "Questions");

            migrationBuilder.DropIndex(
                name: "IX_Questions_OriginalId",
                table: "Questions");

            migrationBuilder.DropIndex(
                name: "IX_Questions_PinnedAt",
                table: "Questions");

            // In place: a table that is made anew loses its triggers.
            migrationBuilder.Sql("""
                alter table Questions drop column ClosedReason;
                alter table Questions drop column ClosedNote;
                alter table Questions drop column ClosedById;
                alter table Questions drop column ClosedAt;
                alter table Questions drop column OriginalId;
                alter table Questions drop column IsLocked;
                alter table Questions drop column PinnedAt;
                alter table Questions drop column IsNotice;
                """);
        }
    }
}
