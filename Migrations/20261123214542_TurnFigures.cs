using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Pybo.Migrations
{
    /// <inheritdoc />
    public partial class TurnFigures : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<int>(
                name: "FirstTokenMs",
                table: "Turns",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Note",
                table: "Turns",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<double>(
                name: "TokensPerSecond",
                table: "Turns",
                type: "REAL",
                nullable: true);

            // Until now a note about the search (only words were searched) stood where errors do: in a turn that is done always, in one that
            // was stopped unless it says that it took too long.
            migrationBuilder.Sql("""
                update Turns set Note = Error, Error = null
                where State = 2 or (State = 3 and Error <> '답을 만드는 데 너무 오래 걸려 멈췄습니다.')
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("update Turns set Error = coalesce(Error, Note)");

            migrationBuilder.DropColumn(
                name: "FirstTokenMs",
                table: "Turns");

            migrationBuilder.DropColumn(
                name: "Note",
                table: "Turns");

            migrationBuilder.DropColumn(
                name: "TokensPerSecond",
                table: "Turns");
        }
    }
}
