using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Pybo.Migrations
{
    /// <inheritdoc />
    public partial class Merges : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "MergedQuestions",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false),
                    IntoId = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_MergedQuestions", x => x.Id);
                    table.ForeignKey(
                        name: "FK_MergedQuestions_Questions_IntoId",
                        column: x => x.IntoId,
                        principalTable: "Questions",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_MergedQuestions_IntoId",
                table: "MergedQuestions",
                column: "IntoId");

            migrationBuilder.Sql("""
                create trigger Answers_moved after update of QuestionId on Answers when old.QuestionId <> new.QuestionId begin
                    update Questions set AnswerCount = AnswerCount - 1 where Id = old.QuestionId;
                    update Questions set AnswerCount = AnswerCount + 1 where Id = new.QuestionId;
                end;
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("drop trigger Answers_moved;");

            migrationBuilder.DropTable(
                name: "MergedQuestions");
        }
    }
}
