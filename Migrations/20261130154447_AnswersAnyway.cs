using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Pybo.Migrations
{
    /// <inheritdoc />
    public partial class AnswersAnyway : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<bool>(
                name: "AnswersAnyway",
                table: "Turns",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            // In place: a table that is made anew loses its triggers.
            migrationBuilder.Sql("alter table Turns drop column AnswersAnyway");
        }
    }
}
