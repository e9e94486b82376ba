using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Pybo.Migrations
{
    /// <inheritdoc />
    public partial class Categories : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_Questions_AnswerCount_Id",
                table: "Questions");

            migrationBuilder.DropIndex(
                name: "IX_Questions_VoteCount_Id",
                table: "Questions");

            migrationBuilder.CreateTable(
                name: "Categories",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    Name = table.Column<string>(type: "TEXT", maxLength: 30, nullable: false),
                    Slug = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    Description = table.Column<string>(type: "TEXT", maxLength: 500, nullable: false),
                    Position = table.Column<int>(type: "INTEGER", nullable: false),
                    Audience = table.Column<long>(type: "INTEGER", nullable: false),
                    QuestionCount = table.Column<int>(type: "INTEGER", nullable: false, defaultValue: 0)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Categories", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "Groups",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    Name = table.Column<string>(type: "TEXT", maxLength: 30, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Groups", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "GroupMembers",
                columns: table => new
                {
                    GroupId = table.Column<long>(type: "INTEGER", nullable: false),
                    UserId = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_GroupMembers", x => new { x.GroupId, x.UserId });
                    table.ForeignKey(
                        name: "FK_GroupMembers_AspNetUsers_UserId",
                        column: x => x.UserId,
                        principalTable: "AspNetUsers",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "FK_GroupMembers_Groups_GroupId",
                        column: x => x.GroupId,
                        principalTable: "Groups",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            // In place, with its key: EF Core would make the table anew, and its triggers would be lost. Deleted questions return to the first category. Its name is
            // in the site's language, which the start knows.
            migrationBuilder.Sql("""
                insert into Categories(Id, Name, Slug, Description, Position, Audience, QuestionCount) select 1, '', 'general', '', 1, 0, count(*) from Questions;
                alter table Questions add column CategoryId integer null constraint FK_Questions_Categories_CategoryId references Categories(Id) on delete restrict;
                update Questions set CategoryId = 1;
                update DeletedRows set Json = json_set(Json, '$.CategoryId', 1) where TableName = 'Questions';
                """);

            migrationBuilder.CreateIndex(
                name: "IX_Questions_AnswerCount_Id_CategoryId",
                table: "Questions",
                columns: new[] { "AnswerCount", "Id", "CategoryId" });

            migrationBuilder.CreateIndex(
                name: "IX_Questions_CategoryId_Id",
                table: "Questions",
                columns: new[] { "CategoryId", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_Questions_Id_CategoryId",
                table: "Questions",
                columns: new[] { "Id", "CategoryId" });

            migrationBuilder.CreateIndex(
                name: "IX_Questions_VoteCount_Id_CategoryId",
                table: "Questions",
                columns: new[] { "VoteCount", "Id", "CategoryId" });

            migrationBuilder.CreateIndex(
                name: "IX_Categories_Name",
                table: "Categories",
                column: "Name",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Categories_Slug",
                table: "Categories",
                column: "Slug",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_GroupMembers_UserId",
                table: "GroupMembers",
                column: "UserId");

            migrationBuilder.CreateIndex(
                name: "IX_Groups_Name",
                table: "Groups",
                column: "Name",
                unique: true);

            migrationBuilder.Sql("""
                create trigger Questions_categorised after insert on Questions when new.CategoryId is not null begin
                    update Categories set QuestionCount = QuestionCount + 1 where Id = new.CategoryId;
                end;
                create trigger Questions_uncategorised after insert on Questions when new.CategoryId is null begin
                    update Questions set CategoryId = (select Id from Categories order by Position, Id limit 1) where Id = new.Id;
                end;
                create trigger Questions_moved after update of CategoryId on Questions when old.CategoryId is not new.CategoryId begin
                    update Categories set QuestionCount = QuestionCount - 1 where Id = old.CategoryId;
                    update Categories set QuestionCount = QuestionCount + 1 where Id = new.CategoryId;
                end;
                create trigger Questions_left after delete on Questions begin
                    update Categories set QuestionCount = QuestionCount - 1 where Id = old.CategoryId;
                end;
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            // The version before shows every question to everyone: those of other readers must be moved, or deleted, first.
            migrationBuilder.Sql("""
                create temp table EveryoneReads(Audience check (Audience = 0));
                insert into EveryoneReads select Audience from Categories;
                drop table EveryoneReads;
                drop trigger Questions_categorised; drop trigger Questions_uncategorised; drop trigger Questions_moved; drop trigger Questions_left;
                """);

            migrationBuilder.DropTable(
                name: "GroupMembers");

            migrationBuilder.DropTable(
                name: "Groups");

            migrationBuilder.DropIndex(
                name: "IX_Questions_AnswerCount_Id_CategoryId",
                table: "Questions");

            migrationBuilder.DropIndex(
                name: "IX_Questions_CategoryId_Id",
                table: "Questions");

            migrationBuilder.DropIndex(
                name: "IX_Questions_Id_CategoryId",
                table: "Questions");

            migrationBuilder.DropIndex(
                name: "IX_Questions_VoteCount_Id_CategoryId",
                table: "Questions");

            // In place: a table that is made anew loses its triggers.
            migrationBuilder.Sql("alter table Questions drop column CategoryId;");

            migrationBuilder.DropTable(
                name: "Categories");

            migrationBuilder.CreateIndex(
                name: "IX_Questions_AnswerCount_Id",
                table: "Questions",
                columns: new[] { "AnswerCount", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_Questions_VoteCount_Id",
                table: "Questions",
                columns: new[] { "VoteCount", "Id" });
        }
    }
}
