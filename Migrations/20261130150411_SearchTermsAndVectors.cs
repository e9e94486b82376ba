using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Pybo.Migrations
{
    /// <inheritdoc />
    public partial class SearchTermsAndVectors : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            // The program computes it when it loads the model, and writes the model's bits again (VectorTables.CentreVectorsAsync).
            migrationBuilder.AddColumn<byte[]>(
                name: "Centre",
                table: "EmbeddingModels",
                type: "BLOB",
                nullable: true);

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
            // The older program ignores the terms it does not know, and finds fewer neighbours by the bits; its "reindex --check" rewrites both. The column is
            // dropped by SQL, because EF Core would make the table anew.
            migrationBuilder.Sql("alter table EmbeddingModels drop column Centre;");
        }
    }
}
