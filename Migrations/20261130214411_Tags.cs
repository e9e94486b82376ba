using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Pybo.Migrations
{
    /// <inheritdoc />
    public partial class Tags : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "Tags",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    Name = table.Column<string>(type: "TEXT", maxLength: 30, nullable: false),
                    Initials = table.Column<string>(type: "TEXT", maxLength: 30, nullable: false),
                    Description = table.Column<string>(type: "TEXT", maxLength: 500, nullable: false),
                    QuestionCount = table.Column<int>(type: "INTEGER", nullable: false, defaultValue: 0)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Tags", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "QuestionTags",
                columns: table => new
                {
                    QuestionId = table.Column<long>(type: "INTEGER", nullable: false),
                    TagId = table.Column<long>(type: "INTEGER", nullable: false),
                    Place = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_QuestionTags", x => new { x.QuestionId, x.TagId });
                    table.ForeignKey(
                        name: "FK_QuestionTags_Questions_QuestionId",
                        column: x => x.QuestionId,
                        principalTable: "Questions",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "FK_QuestionTags_Tags_TagId",
                        column: x => x.TagId,
                        principalTable: "Tags",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_QuestionTags_TagId_QuestionId",
                table: "QuestionTags",
                columns: new[] { "TagId", "QuestionId" });

            migrationBuilder.CreateIndex(
                name: "IX_Tags_Name",
                table: "Tags",
                column: "Name",
                unique: true);

            migrationBuilder.Sql("""
                create trigger QuestionTags_inserted after insert on QuestionTags begin
                    update Tags set QuestionCount = QuestionCount + 1 where Id = new.TagId;
                end;
                create trigger QuestionTags_deleted after delete on QuestionTags begin
                    update Tags set QuestionCount = QuestionCount - 1 where Id = old.TagId;
                    delete from Tags where Id = old.TagId and QuestionCount = 0 and Description = '';
                end;
                create trigger Tags_described after update of Description on Tags when new.Description = '' and new.QuestionCount = 0 begin
                    delete from Tags where Id = new.Id;
                end;
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            // The passages of these questions are found by their tags.
            migrationBuilder.Sql("""
                delete from Passages where Kind = 1 and QuestionId in (select QuestionId from QuestionTags);
                update Questions set IndexedAt = null, IndexError = null, Revision = Revision + 1 where Id in (select QuestionId from QuestionTags);
                """);

            migrationBuilder.DropTable(
                name: "QuestionTags");

            migrationBuilder.DropTable(
                name: "Tags");
        }
    }
}
