using System.Net;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Pybo.Data;
using Pybo.Tests.Attacks;
using Pybo.Tests.Data;

namespace Pybo.Tests.Pages;

/// <summary>The whole site on a database file of its own, in the tests' process.</summary>
public sealed class PyboSite : WebApplicationFactory<Program>, IDatabaseFile
{
    public const string Password = "푸른바다-거북이-7";

    // A separate test covers the real count; here it would only heat the machine.
    private const int PasswordIterations = 10;

    // Tests send many requests from one address.
    private const string LimitsOff = "100000";

    private readonly string folder = Directory.CreateTempSubdirectory("pybo-test-").FullName;
    private readonly Dictionary<string, string?> settings = [];
    private string environment = Environments.Development;
    private Action<IServiceCollection> services = _ => { };
    private bool isListening;

    public PyboSite()
    {
        DatabaseFile = Path.Combine(folder, "pybo.db");
        settings["Pybo:Database"] = DatabaseFile;
        settings["Pybo:RequestsPerMinute"] = LimitsOff;
        settings["Pybo:LogInsPerMinute"] = "1000";
        settings["Pybo:PostsPerMinute"] = "1000";
    }

    public string DatabaseFile { get; }

    /// <summary>The address it listens on after <see cref="Listen"/>.</summary>
    public Uri Address => ClientOptions.BaseAddress;

    /// <summary>Replaces services; call it before the first request.</summary>
    public PyboSite WithServices(Action<IServiceCollection> replace)
    {
        services += replace;
        return this;
    }

    /// <summary>Runs it without the product's own workers, so that a test decides what they do and when; call it before the first request.</summary>
    public PyboSite WithoutWorkers() => WithServices(collection => collection.Where(IsWorker).ToList().ForEach(worker => collection.Remove(worker)));

    /// <summary>Development by default; call it before the first request.</summary>
    public PyboSite WithEnvironment(string name)
    {
        environment = name;
        return this;
    }

    /// <summary>Overrides a setting of the files; call it before the first request.</summary>
    public PyboSite WithSetting(string key, string value)
    {
        settings[key] = value;
        return this;
    }

    /// <summary>Starts it with a real socket, for a browser or raw requests.</summary>
    public PyboSite Listen()
    {
        UseKestrel(0);
        StartServer();
        isListening = true;
        return this;
    }

    /// <summary>A separate browser, not logged in. It does not follow redirects, so that a test can see them.</summary>
    public Visitor Visit() => new(isListening
        ? new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = new CookieContainer() }) { BaseAddress = Address }
        : CreateClient(new WebApplicationFactoryClientOptions { AllowAutoRedirect = false, BaseAddress = Address }));

    /// <summary>A browser with a new member logged in. The first member of a site is its administrator.</summary>
    public async Task<Visitor> SignUpAsync(string name)
    {
        var visitor = Visit();
        using var answer = await visitor.SignUpAsync(name);
        Assert.True(answer.Headers.Location is not null, await answer.Content.ReadAsStringAsync());
        return visitor;
    }

    public PyboDb CreateDbContext() => Services.GetRequiredService<IDbContextFactory<PyboDb>>().CreateDbContext();

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        if (settings["Pybo:Database"] == DatabaseFile && !File.Exists(DatabaseFile))
        {
            MigratedDatabase.CopyToAsync(DatabaseFile).GetAwaiter().GetResult();
        }

        builder.UseEnvironment(environment);
        builder.ConfigureAppConfiguration(configuration => configuration.AddInMemoryCollection(settings));
        builder.ConfigureTestServices(collection =>
        {
            collection.Configure<PasswordHasherOptions>(options => options.IterationCount = PasswordIterations);
            services(collection);
        });
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        using (var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = DatabaseFile,
            ForeignKeys = true,
            DefaultTimeout = PyboDbOptions.BusyTimeoutSeconds,
        }.ConnectionString))
        {
            SqliteConnection.ClearPool(connection);
        }

        DeleteFolder();

        GC.SuppressFinalize(this);
    }

    private static bool IsWorker(ServiceDescriptor service) => service.ServiceType == typeof(IHostedService)
        && (service.ImplementationType ?? service.ImplementationFactory!.Method.DeclaringType)!.Assembly == typeof(Program).Assembly;

    private void DeleteFolder()
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (DirectoryNotFoundException) when (Directory.Exists(folder))
        {
            // The site removed its folder of uploads between the listing and the deletion.
            Directory.Delete(folder, recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // A site that never started has none.
        }
    }
}
