using Pybo.Data;

namespace Pybo.Pages.Questions;

/// <summary>A post's author: the model of <c>_Author</c>.</summary>
public sealed record AuthorView(string Name, int Points)
{
    public int Reputation => Data.Reputation.Shown(Points);
}
