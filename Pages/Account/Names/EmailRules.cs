using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Identity;
using Pybo.Data;

namespace Pybo.Pages.Account;

/// <summary>An address must look like one. That others gave the same is no matter: no mail has shown whose it is, and a refusal would tell who is a member.</summary>
internal sealed class EmailRules(IdentityErrors errors) : IUserValidator<User>
{
    private static readonly EmailAddressAttribute Form = new();

    public Task<IdentityResult> ValidateAsync(UserManager<User> manager, User user) => Task.FromResult(
        user.Email is { Length: > 0 and <= User.EmailMax } email && Form.IsValid(email) ? IdentityResult.Success : IdentityResult.Failed(errors.InvalidEmail(user.Email)));
}
