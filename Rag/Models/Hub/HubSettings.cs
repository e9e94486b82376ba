using Pybo.Data;

namespace Pybo.Rag.Models;

/// <summary>How to reach the Hugging Face Hub, from the same environment variables as its own tools.</summary>
/// <param name="Endpoint">The address without a trailing slash.</param>
/// <param name="Token">Sent only to the endpoint's own host; null if there is none.</param>
/// <param name="CacheFolder">The download cache of other tools (<c>models--owner--name</c>).</param>
/// <param name="IsOffline">Nothing may be fetched.</param>
public sealed record HubSettings(Uri Endpoint, string? Token, string CacheFolder, bool IsOffline)
{
    private const string DefaultEndpoint = "https://huggingface.co";
    private const int TokenCharactersMax = 1_000;

    private static readonly string[] Truths = ["1", "ON", "YES", "TRUE"];

    /// <summary>
    /// Reads <c>HF_ENDPOINT</c>; the token from <c>HF_TOKEN</c>, then <c>HUGGING_FACE_HUB_TOKEN</c>, then the file <c>HF_TOKEN_PATH</c>
    /// (<c>$HF_HOME/token</c>); the cache from <c>HF_HUB_CACHE</c>, then <c>$HF_HOME/hub</c>; <c>HF_HUB_OFFLINE</c>.
    /// </summary>
    /// <param name="environment">The site's configuration, which includes the environment.</param>
    /// <exception cref="ModelException">The endpoint or the token is invalid.</exception>
    public static HubSettings From(IConfiguration environment)
    {
        var home = Folder("HF_HOME") ?? Path.Combine(Folder("XDG_CACHE_HOME") ?? Path.Combine(UserFolder, ".cache"), "huggingface");
        var endpoint = Value("HF_ENDPOINT") ?? DefaultEndpoint;
        if (!Uri.TryCreate(endpoint.TrimEnd('/'), UriKind.Absolute, out var uri) || uri.Scheme is not ("https" or "http"))
        {
            throw new ModelException(Notice.Of(ModelProblem.BadEndpoint, endpoint));
        }

        var token = Value("HF_TOKEN") ?? Value("HUGGING_FACE_HUB_TOKEN") ?? TokenOf(Folder("HF_TOKEN_PATH") ?? Path.Combine(home, "token"));
        if (token is not null && (token.Length > TokenCharactersMax || token.Any(c => c is <= ' ' or > '~')))
        {
            throw new ModelException(Notice.Of(ModelProblem.BadTokenCharacters));
        }

        return new(uri, token, Folder("HF_HUB_CACHE") ?? Path.Combine(home, "hub"), Truths.Contains(Value("HF_HUB_OFFLINE"), StringComparer.OrdinalIgnoreCase));

        string? Value(string name) => environment[name]?.Trim() is { Length: > 0 } value ? value : null;

        string? Folder(string name) => Value(name) is { } value
            ? Path.GetFullPath(value == "~" || value.StartsWith("~/", StringComparison.Ordinal) ? UserFolder + value[1..] : value)
            : null;
    }

    /// <summary>Whether the operator has named a hub other than the public one: it may be in an internal network.</summary>
    public bool IsEndpointNamed => Endpoint != new Uri(DefaultEndpoint);

    /// <summary>Returns a repository's page, where licences are accepted.</summary>
    public Uri PageOf(string repository) => new($"{Base}/{repository}");

    /// <summary>The address without a trailing slash.</summary>
    public string Base => Endpoint.ToString().TrimEnd('/');

    private static string UserFolder => Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);

    private static string? TokenOf(string file)
    {
        if (!File.Exists(file))
        {
            return null;
        }

        using var reader = new StreamReader(file);
        var characters = new char[TokenCharactersMax + 1];
        var read = reader.ReadBlock(characters);
        return new string(characters, 0, read).Trim() is { Length: > 0 } token ? token : null;
    }
}
