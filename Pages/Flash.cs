namespace Pybo.Pages;

/// <summary>The keys in TempData of what the next page says once: what was done, and why something was not.</summary>
internal static class Flash
{
    public const string Notice = "Notice";
    public const string Warning = "Warning";
}
