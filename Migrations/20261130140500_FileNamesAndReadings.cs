using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Pybo.Migrations
{
    /// <inheritdoc />
    public partial class FileNamesAndReadings : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            // The first passage of a document gets the terms of its file name, and Hanja their readings. SQL cannot make them, so the words of these passages are
            // removed, and the start of the program writes them again (PassageWordQueries.WriteMissingWordsAsync).
            migrationBuilder.Sql("""
                delete from PassageWords where rowid in (
                    select Id from Passages where (DocumentId is not null and Ordinal = 0)
                        or Title glob '*[一-鿿豈-﫿]*' or coalesce(Heading, '') glob '*[一-鿿豈-﫿]*' or Text glob '*[一-鿿豈-﫿]*');
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            // The older program ignores the terms it does not know; its "reindex --check" removes them.
        }
    }
}
