using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Pybo.Migrations
{
    /// <inheritdoc />
    public partial class DocumentTriggers : Migration
    {
        // A migration of its own: the one before makes the table anew, and a trigger goes with its table.

        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("""
                create trigger Documents_deleted after delete on Documents when not exists (select 1 from Documents where FileId = old.FileId) begin
                    delete from DocumentFiles where Id = old.FileId;
                end;
                create trigger Documents_replaced after update of FileId on Documents
                    when old.FileId <> new.FileId and not exists (select 1 from Documents where FileId = old.FileId) begin
                    delete from DocumentFiles where Id = old.FileId;
                end;
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("drop trigger Documents_deleted; drop trigger Documents_replaced;");
        }
    }
}
