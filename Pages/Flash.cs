namespace Pybo.Pages;

/// <summary>The TempData keys of one-time notices on the next page: what was done, and why something was not.</summary>
internal static class Flash
{
    public const string Notice = "Notice";
    public const string Warning = "Warning";
}
