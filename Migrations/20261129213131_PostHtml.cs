using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Pybo.Migrations
{
    /// <inheritdoc />
    public partial class PostHtml : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "Html",
                table: "Questions",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "HtmlVersion",
                table: "Questions",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<string>(
                name: "Html",
                table: "Answers",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "HtmlVersion",
                table: "Answers",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.CreateIndex(
                name: "IX_Questions_HtmlVersion",
                table: "Questions",
                column: "HtmlVersion");

            migrationBuilder.CreateIndex(
                name: "IX_Answers_HtmlVersion",
                table: "Answers",
                column: "HtmlVersion");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_Questions_HtmlVersion",
                table: "Questions");

            migrationBuilder.DropIndex(
                name: "IX_Answers_HtmlVersion",
                table: "Answers");

            // In place: a table that is made anew loses its triggers.
            migrationBuilder.Sql("""
                alter table Questions drop column Html;
                alter table Questions drop column HtmlVersion;
                alter table Answers drop column Html;
                alter table Answers drop column HtmlVersion;
                """);
        }
    }
}
