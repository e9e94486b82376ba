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
            migrationBuilder.DropIndex(
                name: "IX_Conversations_QuestionId",
                table: "Conversations");

            // What was suggested is no conversation of a member's. In place: a table that is made anew loses its triggers.
            migrationBuilder.Sql("""
                delete from Conversations where QuestionId is not null;
                alter table Conversations drop column QuestionId;
                alter table Conversations drop column Verdict;
                """);
        }
    }
}
