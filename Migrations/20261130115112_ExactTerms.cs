using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Pybo.Migrations
{
    /// <inheritdoc />
    public partial class ExactTerms : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            // Texts with numbers get terms for dates, amounts and names. SQL cannot make them, so the words of these passages are removed, and the start of the
            // program writes them again (PassageWordQueries.WriteMissingWordsAsync).
            migrationBuilder.Sql("""
                delete from PassageWords where rowid in (
                    select Id from Passages where Title glob '*[0-9십백천만억]*' or coalesce(Heading, '') glob '*[0-9십백천만억]*' or Text glob '*[0-9십백천만억]*');
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            // The older program ignores the terms it does not know; its "reindex --check" removes them.
        }
    }
}
