using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Pybo.Migrations
{
    /// <inheritdoc />
    public partial class Suggestions : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            // In place, with its key: EF Core would make the table anew.
            migrationBuilder.Sql("alter table Conversations add column QuestionId integer null constraint FK_Conversations_Questions_QuestionId references Questions(Id) on delete cascade");

            migrationBuilder.AddColumn<int>(
                name: "Verdict",
                table: "Conversations",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.CreateIndex(
                name: "IX_Conversations_QuestionId",
                table: "Conversations",
                column: "QuestionId",
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropForeignKey(
                name: "FK_Conversations_Questions_QuestionId",
                table: "Conversations");

            migrationBuilder.DropIndex(
                name: "IX_Conversations_QuestionId",
                table: "Conversations");

            migrationBuilder.DropColumn(
                name: "QuestionId",
                table: "Conversations");

            migrationBuilder.DropColumn(
                name: "Verdict",
                table: "Conversations");
        }
    }
}
