using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Pybo.Migrations
{
    /// <inheritdoc />
    public partial class Documents : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "Collections",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    OwnerId = table.Column<long>(type: "INTEGER", nullable: true),
                    Name = table.Column<string>(type: "TEXT", maxLength: 100, nullable: false),
                    Audience = table.Column<long>(type: "INTEGER", nullable: false),
                    CreatedAt = table.Column<DateTime>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Collections", x => x.Id);
                    table.ForeignKey(
                        name: "FK_Collections_AspNetUsers_OwnerId",
                        column: x => x.OwnerId,
                        principalTable: "AspNetUsers",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "DocumentFiles",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    Hash = table.Column<byte[]>(type: "BLOB", nullable: false),
                    Size = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_DocumentFiles", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "DocumentPages",
                columns: table => new
                {
                    DocumentId = table.Column<long>(type: "INTEGER", nullable: false),
                    Number = table.Column<int>(type: "INTEGER", nullable: false),
                    Start = table.Column<int>(type: "INTEGER", nullable: false),
                    Length = table.Column<int>(type: "INTEGER", nullable: false),
                    Width = table.Column<float>(type: "REAL", nullable: false),
                    Height = table.Column<float>(type: "REAL", nullable: false),
                    Lines = table.Column<byte[]>(type: "BLOB", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_DocumentPages", x => new { x.DocumentId, x.Number });
                    table.ForeignKey(
                        name: "FK_DocumentPages_Documents_DocumentId",
                        column: x => x.DocumentId,
                        principalTable: "Documents",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "DocumentFileParts",
                columns: table => new
                {
                    FileId = table.Column<long>(type: "INTEGER", nullable: false),
                    Number = table.Column<int>(type: "INTEGER", nullable: false),
                    Content = table.Column<byte[]>(type: "BLOB", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_DocumentFileParts", x => new { x.FileId, x.Number });
                    table.ForeignKey(
                        name: "FK_DocumentFileParts_DocumentFiles_FileId",
                        column: x => x.FileId,
                        principalTable: "DocumentFiles",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.AddColumn<int>(
                name: "Page",
                table: "Passages",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "Attempts",
                table: "Documents",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<int>(
                name: "Characters",
                table: "Documents",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "ChunksDone",
                table: "Documents",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<int>(
                name: "ChunksTotal",
                table: "Documents",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<DateTime>(
                name: "ClaimedUntil",
                table: "Documents",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "CollectionId",
                table: "Documents",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "FileId",
                table: "Documents",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<string>(
                name: "Format",
                table: "Documents",
                type: "TEXT",
                maxLength: 40,
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "IsTruncated",
                table: "Documents",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<long>(
                name: "OwnerId",
                table: "Documents",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "PageCount",
                table: "Documents",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<int>(
                name: "PagesRead",
                table: "Documents",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<string>(
                name: "Warnings",
                table: "Documents",
                type: "TEXT",
                maxLength: 8000,
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<long>(
                name: "CollectionId",
                table: "Conversations",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "DocumentId",
                table: "Conversations",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "ScopeName",
                table: "Conversations",
                type: "TEXT",
                maxLength: 300,
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "DocumentId",
                table: "Citations",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "Page",
                table: "Citations",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<DateTime>(
                name: "NextAttemptAt",
                table: "Documents",
                type: "TEXT",
                nullable: true);

            // Files out of their rows, the same bytes once, in parts of 64 KiB. The text goes: passages hold all of it.
            migrationBuilder.Sql("""
                insert into DocumentFiles(Hash, Size) select Hash, length(Content) from Documents group by Hash;
                update Documents set FileId = (select f.Id from DocumentFiles f where f.Hash = Documents.Hash), Characters = length(Text);

                insert into DocumentFileParts(FileId, Number, Content)
                with recursive parts(FileId, DocumentId, Size, Number) as (
                    select f.Id, (select min(d.Id) from Documents d where d.FileId = f.Id), f.Size, 0 from DocumentFiles f where f.Size > 0
                    union all select FileId, DocumentId, Size, Number + 1 from parts where (Number + 1) * 65536 < Size)
                select p.FileId, p.Number, substr(d.Content, p.Number * 65536 + 1, 65536) from parts p join Documents d on d.Id = p.DocumentId;

                update Citations set DocumentId = (select d.Id from Documents d where d.Id = cast(substr(Url, length('/documents/') + 1) as integer)) where Kind = 3;
                """);

            migrationBuilder.DropIndex(
                name: "IX_Passages_DocumentId",
                table: "Passages");

            migrationBuilder.DropIndex(
                name: "IX_Documents_Path",
                table: "Documents");

            migrationBuilder.DropColumn(
                name: "Content",
                table: "Documents");

            migrationBuilder.DropColumn(
                name: "Hash",
                table: "Documents");

            migrationBuilder.DropColumn(
                name: "Text",
                table: "Documents");

            migrationBuilder.CreateIndex(
                name: "IX_Passages_DocumentId_Ordinal",
                table: "Passages",
                columns: new[] { "DocumentId", "Ordinal" });

            migrationBuilder.CreateIndex(
                name: "IX_Documents_CollectionId",
                table: "Documents",
                column: "CollectionId");

            migrationBuilder.CreateIndex(
                name: "IX_Documents_FileId",
                table: "Documents",
                column: "FileId");

            migrationBuilder.CreateIndex(
                name: "IX_Documents_OwnerId_FileId",
                table: "Documents",
                columns: new[] { "OwnerId", "FileId" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Documents_Path",
                table: "Documents",
                column: "Path",
                unique: true,
                filter: "OwnerId is null");

            migrationBuilder.CreateIndex(
                name: "IX_Conversations_CollectionId",
                table: "Conversations",
                column: "CollectionId");

            migrationBuilder.CreateIndex(
                name: "IX_Conversations_DocumentId",
                table: "Conversations",
                column: "DocumentId");

            migrationBuilder.CreateIndex(
                name: "IX_Citations_DocumentId",
                table: "Citations",
                column: "DocumentId");

            migrationBuilder.CreateIndex(
                name: "IX_Collections_Name",
                table: "Collections",
                column: "Name",
                unique: true,
                filter: "OwnerId is null");

            migrationBuilder.CreateIndex(
                name: "IX_Collections_OwnerId_Name",
                table: "Collections",
                columns: new[] { "OwnerId", "Name" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_DocumentFiles_Hash",
                table: "DocumentFiles",
                column: "Hash",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_DocumentPages_DocumentId_Start",
                table: "DocumentPages",
                columns: new[] { "DocumentId", "Start" });

            migrationBuilder.AddForeignKey(
                name: "FK_Citations_Documents_DocumentId",
                table: "Citations",
                column: "DocumentId",
                principalTable: "Documents",
                principalColumn: "Id",
                onDelete: ReferentialAction.SetNull);

            migrationBuilder.AddForeignKey(
                name: "FK_Conversations_Collections_CollectionId",
                table: "Conversations",
                column: "CollectionId",
                principalTable: "Collections",
                principalColumn: "Id",
                onDelete: ReferentialAction.SetNull);

            migrationBuilder.AddForeignKey(
                name: "FK_Conversations_Documents_DocumentId",
                table: "Conversations",
                column: "DocumentId",
                principalTable: "Documents",
                principalColumn: "Id",
                onDelete: ReferentialAction.SetNull);

            migrationBuilder.AddForeignKey(
                name: "FK_Documents_AspNetUsers_OwnerId",
                table: "Documents",
                column: "OwnerId",
                principalTable: "AspNetUsers",
                principalColumn: "Id",
                onDelete: ReferentialAction.Cascade);

            migrationBuilder.AddForeignKey(
                name: "FK_Documents_Collections_CollectionId",
                table: "Documents",
                column: "CollectionId",
                principalTable: "Collections",
                principalColumn: "Id",
                onDelete: ReferentialAction.SetNull);

            migrationBuilder.AddForeignKey(
                name: "FK_Documents_DocumentFiles_FileId",
                table: "Documents",
                column: "FileId",
                principalTable: "DocumentFiles",
                principalColumn: "Id",
                onDelete: ReferentialAction.Restrict);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<byte[]>(
                name: "Content",
                table: "Documents",
                type: "BLOB",
                nullable: false,
                defaultValue: new byte[0]);

            migrationBuilder.AddColumn<byte[]>(
                name: "Hash",
                table: "Documents",
                type: "BLOB",
                nullable: false,
                defaultValue: new byte[0]);

            migrationBuilder.AddColumn<string>(
                name: "Text",
                table: "Documents",
                type: "TEXT",
                nullable: true);

            // A file's bytes are put together again. Names of uploads may be alike; the version before allows a path once.
            migrationBuilder.Sql("""
                update Documents set
                    Hash = (select f.Hash from DocumentFiles f where f.Id = FileId),
                    Content = coalesce((select cast(group_concat(p.Content, '' order by p.Number) as blob) from DocumentFileParts p where p.FileId = Documents.FileId), x'');
                update Documents set Path = 'uploads/' || Id || '/' || Path where OwnerId is not null;
                delete from Passages where Audience = -2;
                """);

            // Tables that others refer to are dropped before EF Core makes those others anew; it turns the keys on again after that.
            migrationBuilder.Sql("pragma foreign_keys = off", suppressTransaction: true);

            migrationBuilder.DropForeignKey(
                name: "FK_Citations_Documents_DocumentId",
                table: "Citations");

            migrationBuilder.DropForeignKey(
                name: "FK_Conversations_Collections_CollectionId",
                table: "Conversations");

            migrationBuilder.DropForeignKey(
                name: "FK_Conversations_Documents_DocumentId",
                table: "Conversations");

            migrationBuilder.DropForeignKey(
                name: "FK_Documents_AspNetUsers_OwnerId",
                table: "Documents");

            migrationBuilder.DropForeignKey(
                name: "FK_Documents_Collections_CollectionId",
                table: "Documents");

            migrationBuilder.DropForeignKey(
                name: "FK_Documents_DocumentFiles_FileId",
                table: "Documents");

            migrationBuilder.DropTable(
                name: "Collections");

            migrationBuilder.DropTable(
                name: "DocumentFileParts");

            migrationBuilder.DropTable(
                name: "DocumentPages");

            migrationBuilder.DropTable(
                name: "DocumentFiles");

            migrationBuilder.DropIndex(
                name: "IX_Passages_DocumentId_Ordinal",
                table: "Passages");

            migrationBuilder.DropIndex(
                name: "IX_Documents_CollectionId",
                table: "Documents");

            migrationBuilder.DropIndex(
                name: "IX_Documents_FileId",
                table: "Documents");

            migrationBuilder.DropIndex(
                name: "IX_Documents_OwnerId_FileId",
                table: "Documents");

            migrationBuilder.DropIndex(
                name: "IX_Documents_Path",
                table: "Documents");

            migrationBuilder.DropIndex(
                name: "IX_Conversations_CollectionId",
                table: "Conversations");

            migrationBuilder.DropIndex(
                name: "IX_Conversations_DocumentId",
                table: "Conversations");

            migrationBuilder.DropIndex(
                name: "IX_Citations_DocumentId",
                table: "Citations");

            migrationBuilder.DropColumn(
                name: "Page",
                table: "Passages");

            migrationBuilder.DropColumn(
                name: "Attempts",
                table: "Documents");

            migrationBuilder.DropColumn(
                name: "Characters",
                table: "Documents");

            migrationBuilder.DropColumn(
                name: "ChunksDone",
                table: "Documents");

            migrationBuilder.DropColumn(
                name: "ChunksTotal",
                table: "Documents");

            migrationBuilder.DropColumn(
                name: "ClaimedUntil",
                table: "Documents");

            migrationBuilder.DropColumn(
                name: "CollectionId",
                table: "Documents");

            migrationBuilder.DropColumn(
                name: "FileId",
                table: "Documents");

            migrationBuilder.DropColumn(
                name: "Format",
                table: "Documents");

            migrationBuilder.DropColumn(
                name: "IsTruncated",
                table: "Documents");

            migrationBuilder.DropColumn(
                name: "OwnerId",
                table: "Documents");

            migrationBuilder.DropColumn(
                name: "PageCount",
                table: "Documents");

            migrationBuilder.DropColumn(
                name: "PagesRead",
                table: "Documents");

            migrationBuilder.DropColumn(
                name: "Warnings",
                table: "Documents");

            migrationBuilder.DropColumn(
                name: "CollectionId",
                table: "Conversations");

            migrationBuilder.DropColumn(
                name: "DocumentId",
                table: "Conversations");

            migrationBuilder.DropColumn(
                name: "ScopeName",
                table: "Conversations");

            migrationBuilder.DropColumn(
                name: "DocumentId",
                table: "Citations");

            migrationBuilder.DropColumn(
                name: "Page",
                table: "Citations");

            migrationBuilder.CreateIndex(
                name: "IX_Passages_DocumentId",
                table: "Passages",
                column: "DocumentId");

            migrationBuilder.CreateIndex(
                name: "IX_Documents_Path",
                table: "Documents",
                column: "Path",
                unique: true);

            migrationBuilder.DropColumn(
                name: "NextAttemptAt",
                table: "Documents");
        }
    }
}
