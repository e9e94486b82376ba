using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Pybo.Migrations
{
    /// <inheritdoc />
    public partial class DocumentSources : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_Documents_Path",
                table: "Documents");

            migrationBuilder.AddColumn<string>(
                name: "GivenTitle",
                table: "Documents",
                type: "TEXT",
                maxLength: 300,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "SourcePath",
                table: "Documents",
                type: "TEXT",
                maxLength: 4096,
                nullable: true);

            migrationBuilder.CreateIndex(
                name: "IX_Documents_Path",
                table: "Documents",
                column: "Path",
                filter: "OwnerId is null");

            migrationBuilder.CreateIndex(
                name: "IX_Documents_SourcePath",
                table: "Documents",
                column: "SourcePath",
                unique: true,
                filter: "SourcePath is not null");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_Documents_Path",
                table: "Documents");

            migrationBuilder.DropIndex(
                name: "IX_Documents_SourcePath",
                table: "Documents");

            // The former version knows a file by the path that was given, and no two documents have the same.
            migrationBuilder.Sql("update Documents set Path = SourcePath where SourcePath is not null");
            // In place: EF Core would rebuild the table, and its triggers would be lost.
            migrationBuilder.Sql("alter table Documents drop column GivenTitle");
            migrationBuilder.Sql("alter table Documents drop column SourcePath");

            migrationBuilder.CreateIndex(
                name: "IX_Documents_Path",
                table: "Documents",
                column: "Path",
                unique: true,
                filter: "OwnerId is null");
        }
    }
}
