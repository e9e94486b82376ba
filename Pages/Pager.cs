namespace Pybo.Pages;

/// <summary>이전, page numbers, 다음: the model of <c>Shared/_Pager</c>. Addresses are built here because <c>page</c> is a route value of Razor Pages.</summary>
/// <param name="Label">The name of the list, for a screen reader.</param>
public sealed record Pager(int Page, int LastPage, string Label, Func<int, string> Address)
{
    /// <summary>Page numbers on each side of the current page, as in the book.</summary>
    private const int Neighbours = 5;

    /// <summary>The number kept on a narrow screen.</summary>
    private const int NearNeighbours = 2;

    public IEnumerable<int> Numbers => Enumerable.Range(Math.Max(1, Page - Neighbours), Math.Min(LastPage, Page + Neighbours) - Math.Max(1, Page - Neighbours) + 1);

    public bool IsNear(int number) => Math.Abs(number - Page) <= NearNeighbours;
}

/// <summary>Builds addresses with a query string; empty values are left out.</summary>
internal static class Address
{
    public static string Of(string path, params ReadOnlySpan<(string Name, string? Value)> query)
    {
        var address = path;
        foreach (var (name, value) in query)
        {
            if (!string.IsNullOrEmpty(value))
            {
                address += $"{(address.Contains('?', StringComparison.Ordinal) ? '&' : '?')}{name}={Uri.EscapeDataString(value)}";
            }
        }

        return address;
    }

    /// <summary>The log-in page, which redirects back to <paramref name="next"/>.</summary>
    public static string LogIn(string next) => Of("/account/login", ("next", next));
}
