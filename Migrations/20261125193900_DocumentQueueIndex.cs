using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Pybo.Migrations
{
    /// <inheritdoc />
    public partial class DocumentQueueIndex : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_Documents_IndexedAt",
                table: "Documents");

            migrationBuilder.CreateIndex(
                name: "IX_Documents_IndexedAt",
                table: "Documents",
                column: "IndexedAt",
                filter: "IndexedAt is null and IndexError is null");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_Documents_IndexedAt",
                table: "Documents");

            migrationBuilder.CreateIndex(
                name: "IX_Documents_IndexedAt",
                table: "Documents",
                column: "IndexedAt",
                filter: "IndexedAt is null");
        }
    }
}
