using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Pybo.Migrations
{
    /// <inheritdoc />
    public partial class History : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "PostRevisions",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    QuestionId = table.Column<long>(type: "INTEGER", nullable: true),
                    AnswerId = table.Column<long>(type: "INTEGER", nullable: true),
                    Number = table.Column<int>(type: "INTEGER", nullable: false),
                    Title = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    Body = table.Column<string>(type: "TEXT", nullable: false),
                    Tags = table.Column<string>(type: "TEXT", maxLength: 160, nullable: false),
                    EditorId = table.Column<long>(type: "INTEGER", nullable: true),
                    SavedAt = table.Column<DateTime>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_PostRevisions", x => x.Id);
                    table.CheckConstraint("CK_PostRevisions_OnePost", "(QuestionId is null) <> (AnswerId is null)");
                    table.ForeignKey(
                        name: "FK_PostRevisions_Answers_AnswerId",
                        column: x => x.AnswerId,
                        principalTable: "Answers",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "FK_PostRevisions_AspNetUsers_EditorId",
                        column: x => x.EditorId,
                        principalTable: "AspNetUsers",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.SetNull);
                    table.ForeignKey(
                        name: "FK_PostRevisions_Questions_QuestionId",
                        column: x => x.QuestionId,
                        principalTable: "Questions",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_PostRevisions_AnswerId_Number",
                table: "PostRevisions",
                columns: new[] { "AnswerId", "Number" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_PostRevisions_EditorId",
                table: "PostRevisions",
                column: "EditorId");

            migrationBuilder.CreateIndex(
                name: "IX_PostRevisions_QuestionId_Number",
                table: "PostRevisions",
                columns: new[] { "QuestionId", "Number" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_PostRevisions_WithImages",
                table: "PostRevisions",
                column: "Id",
                filter: "instr(Body, '/images/') > 0");

            migrationBuilder.CreateTable(
                name: "DeletedPosts",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    Kind = table.Column<int>(type: "INTEGER", nullable: false),
                    PostId = table.Column<long>(type: "INTEGER", nullable: false),
                    QuestionId = table.Column<long>(type: "INTEGER", nullable: false),
                    Title = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    Beginning = table.Column<string>(type: "TEXT", maxLength: 120, nullable: false),
                    AuthorId = table.Column<long>(type: "INTEGER", nullable: false),
                    DeletedById = table.Column<long>(type: "INTEGER", nullable: true),
                    DeletedAt = table.Column<DateTime>(type: "TEXT", nullable: false),
                    Tags = table.Column<string>(type: "TEXT", maxLength: 160, nullable: false),
                    AcceptedAnswerId = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_DeletedPosts", x => x.Id);
                    table.ForeignKey(
                        name: "FK_DeletedPosts_AspNetUsers_AuthorId",
                        column: x => x.AuthorId,
                        principalTable: "AspNetUsers",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "FK_DeletedPosts_AspNetUsers_DeletedById",
                        column: x => x.DeletedById,
                        principalTable: "AspNetUsers",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.SetNull);
                });

            migrationBuilder.CreateTable(
                name: "DeletedRows",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    DeletedPostId = table.Column<long>(type: "INTEGER", nullable: false),
                    TableName = table.Column<string>(type: "TEXT", nullable: false),
                    OwnerId = table.Column<long>(type: "INTEGER", nullable: true),
                    Json = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_DeletedRows", x => x.Id);
                    table.ForeignKey(
                        name: "FK_DeletedRows_AspNetUsers_OwnerId",
                        column: x => x.OwnerId,
                        principalTable: "AspNetUsers",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "FK_DeletedRows_DeletedPosts_DeletedPostId",
                        column: x => x.DeletedPostId,
                        principalTable: "DeletedPosts",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_DeletedPosts_AuthorId",
                table: "DeletedPosts",
                column: "AuthorId");

            migrationBuilder.CreateIndex(
                name: "IX_DeletedPosts_DeletedAt",
                table: "DeletedPosts",
                column: "DeletedAt");

            migrationBuilder.CreateIndex(
                name: "IX_DeletedPosts_DeletedById",
                table: "DeletedPosts",
                column: "DeletedById");

            migrationBuilder.CreateIndex(
                name: "IX_DeletedPosts_Kind_PostId",
                table: "DeletedPosts",
                columns: new[] { "Kind", "PostId" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_DeletedRows_DeletedPostId",
                table: "DeletedRows",
                column: "DeletedPostId");

            migrationBuilder.CreateIndex(
                name: "IX_DeletedRows_OwnerId",
                table: "DeletedRows",
                column: "OwnerId");

            migrationBuilder.CreateIndex(
                name: "IX_DeletedRows_WithImages",
                table: "DeletedRows",
                column: "Id",
                filter: "instr(Json, '/images/') > 0");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "DeletedRows");

            migrationBuilder.DropTable(
                name: "DeletedPosts");

            migrationBuilder.DropTable(
                name: "PostRevisions");
        }
    }
}
