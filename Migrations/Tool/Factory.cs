using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Pybo.Data;

namespace Pybo.Migrations.Tool;

/// <summary>What dotnet-ef asks for the model. It compares models only; the file named here is never made.</summary>
internal sealed class Factory : IDesignTimeDbContextFactory<PyboDb>
{
    public PyboDb CreateDbContext(string[] args) =>
        new((DbContextOptions<PyboDb>)new DbContextOptionsBuilder<PyboDb>().UsePybo("design-time.db").Options);

    private static void Main() =>
        Console.WriteLine("dotnet ef migrations add <Name> --project Pybo.csproj --startup-project Migrations/Tool --output-dir Migrations");
}
