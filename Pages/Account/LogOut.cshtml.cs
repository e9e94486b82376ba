using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Pybo.Data;

namespace Pybo.Pages.Account;

/// <summary>Opening the page changes nothing; it asks for confirmation.</summary>
public sealed class LogOut(SignInManager<User> signIn) : PageModel
{
    public async Task<IActionResult> OnPostAsync()
    {
        await signIn.SignOutAsync();
        return LocalRedirect("/questions");
    }
}
