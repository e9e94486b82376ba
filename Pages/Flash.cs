using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Pybo.Data;
using Pybo.Pages.Resources;

namespace Pybo.Pages;

/// <summary>One-time notices on the next page: what was done, and why something was not.</summary>
internal static class Flash
{
    public const string Notice = "Notice";
    public const string Warning = "Warning";

    /// <summary>The kind and the id of the post that was just deleted, for the button that restores it.</summary>
    public const string Undo = "Undo";

    extension(PageModel page)
    {
        public void Notify(string text) => page.TempData[Notice] = text;

        public void Warn(string text) => page.TempData[Warning] = text;

        /// <summary>Redirects, with what was done.</summary>
        public LocalRedirectResult Done(string text, string to)
        {
            page.Notify(text);
            return page.LocalRedirect(to);
        }

        /// <summary>Redirects, with the notice that a post was deleted and the button that restores it.</summary>
        public LocalRedirectResult Deleted(PassageKind kind, long id, string to)
        {
            page.TempData[Undo] = string.Create(CultureInfo.InvariantCulture, $"{kind} {id}");
            return page.Done(BoardWords.PostDeleted.With(DeletedPost.KeptFor.Days), to);
        }

        /// <summary>Redirects, with the reason why nothing was changed.</summary>
        public LocalRedirectResult Refuse(string reason, string to)
        {
            page.Warn(reason);
            return page.LocalRedirect(to);
        }
    }
}
