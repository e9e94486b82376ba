using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Pybo.Migrations
{
    /// <inheritdoc />
    public partial class PassageWordsByAudience : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<int>(
                name: "TermCount",
                table: "Passages",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.CreateTable(
                name: "PassageTotals",
                columns: table => new
                {
                    Audience = table.Column<long>(type: "INTEGER", nullable: false),
                    Passages = table.Column<long>(type: "INTEGER", nullable: false),
                    Terms = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_PassageTotals", x => x.Audience);
                });

            // FTS5 keeps the length of each column as a number of seven bits a byte. The words of passages that not everyone may read go out of the
            // table: SQL cannot cut them anew, so the start of the program writes them (PassageWordQueries.WriteMissingWordsAsync), and until then
            // nobody finds them.
            migrationBuilder.Sql("""
                update Passages set TermCount = l.Terms from (
                    with recursive octets(Hex, Value) as (select '00', 0 union all select printf('%02X', Value + 1), Value + 1 from octets where Value < 255),
                    lengths(Id, Hex, At, Number, Terms) as (
                        select id, hex(sz), 1, 0, 0 from PassageWords_docsize
                        union all
                        select l.Id, l.Hex, l.At + 2, iif(o.Value >= 128, (l.Number << 7) + o.Value - 128, 0), l.Terms + iif(o.Value >= 128, 0, (l.Number << 7) + o.Value)
                        from lengths l join octets o on o.Hex = substr(l.Hex, l.At, 2))
                    select Id, Terms from lengths where At > length(Hex)) l
                where l.Id = Passages.Id;

                delete from PassageWords where rowid in (select Id from Passages where Audience <> 0);
                insert into PassageTotals(Audience, Passages, Terms) select Audience, count(*), sum(TermCount) from Passages group by Audience;
                delete from Counters where Name = 'passages';

                drop trigger if exists Passages_inserted;
                drop trigger if exists Passages_deleted;
                create trigger Passages_inserted after insert on Passages begin
                    insert into PassageTotals(Audience, Passages, Terms) values (new.Audience, 1, new.TermCount)
                        on conflict(Audience) do update set Passages = Passages + 1, Terms = Terms + excluded.Terms;
                end;
                create trigger Passages_deleted after delete on Passages begin
                    delete from PassageWords where rowid = old.Id;
                    update PassageTotals set Passages = Passages - 1, Terms = Terms - old.TermCount where Audience = old.Audience;
                end;
                create trigger Passages_changed after update of Audience, TermCount on Passages when old.Audience <> new.Audience or old.TermCount <> new.TermCount begin
                    update PassageTotals set Passages = Passages - 1, Terms = Terms - old.TermCount where Audience = old.Audience;
                    insert into PassageTotals(Audience, Passages, Terms) values (new.Audience, 1, new.TermCount)
                        on conflict(Audience) do update set Passages = Passages + 1, Terms = Terms + excluded.Terms;
                end;
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            // The version before finds no word with an audience in front of it: its "reindex --check" writes those that go here. The column is
            // dropped by SQL, because EF Core would make the table anew and lose its triggers.
            migrationBuilder.Sql("""
                drop trigger Passages_inserted;
                drop trigger Passages_deleted;
                drop trigger Passages_changed;
                delete from PassageWords where rowid in (select Id from Passages where Audience <> 0);
                alter table Passages drop column TermCount;
                insert into Counters(Name, Value) values ('passages', (select count(*) from Passages));
                create trigger Passages_inserted after insert on Passages begin
                    update Counters set Value = Value + 1 where Name = 'passages';
                end;
                create trigger Passages_deleted after delete on Passages begin
                    delete from PassageWords where rowid = old.Id;
                    update Counters set Value = Value - 1 where Name = 'passages';
                end;
                """);

            migrationBuilder.DropTable(
                name: "PassageTotals");
        }
    }
}
