using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Identity;
using Pybo.Data;

namespace Pybo.Pages.Account;

/// <summary>Checks only an address's form. Duplicates are allowed: addresses are not verified, and a refusal would reveal members.</summary>
internal sealed class EmailRules(IdentityErrors errors) : IUserValidator<User>
{
    private static readonly EmailAddressAttribute Form = new();

    public Task<IdentityResult> ValidateAsync(UserManager<User> manager, User user) => Task.FromResult(
        user.Email is { Length: > 0 and <= User.EmailMax } email && Form.IsValid(email) ? IdentityResult.Success : IdentityResult.Failed(errors.InvalidEmail(user.Email)));
}
