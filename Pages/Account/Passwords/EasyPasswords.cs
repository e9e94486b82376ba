using Pybo.Data;

namespace Pybo.Pages.Account;

/// <summary>Passwords that are guessed early: common ones with the usual changes, keyboard walks, repetitions, plain numbers, one's own name.</summary>
internal static class EasyPasswords
{
    /// <summary>People put a year, a date or a few signs around a word; longer additions may add strength.</summary>
    private const int EndsMax = 8;

    /// <summary>A telephone number has eleven digits, a date of birth eight.</summary>
    private const int DigitsMax = 11;

    private const int RepetitionMin = 6;
    private const int RepeatedUnitMax = 4;
    private const int OwnWordMin = 3;
    private const int BesideOwnWordMax = 4;

    private static readonly char[] Ends = [.. "0123456789!?.,@#$%^&*()_-+=~`:;'\"/\\|<>[]{} "];
    private static readonly char[] NumberSigns = [.. "-./ :"];

    /// <param name="password">The password as typed.</param>
    /// <param name="own">Public facts about its owner: name, address.</param>
    public static bool Contains(string password, IEnumerable<string?> own)
    {
        var keys = KoreanKeys.Of(password);
        var stem = keys.Trim(Ends);
        return IsNumber(keys) || Forms(keys).Any(IsEasy) || own.OfType<string>().Select(KoreanKeys.Of).Any(word => IsAbout(word, keys, stem));
    }

    /// <summary>Returns it unchanged, and without common prefixes or suffixes: <c>trustno12026!</c> is <c>trustno1</c>.</summary>
    private static IEnumerable<string> Forms(string keys)
    {
        var begun = keys.TrimStart(Ends);
        string[] starts = keys.Length - begun.Length is 0 or > EndsMax || begun.Length == 0 ? [keys] : [keys, begun];
        foreach (var start in starts)
        {
            for (var ends = 0; ends <= EndsMax && ends < start.Length && (ends == 0 || Ends.Contains(start[^ends])); ends++)
            {
                yield return start[..^ends];
            }
        }
    }

    private static bool IsEasy(string form) => form.Length > 0
        && (Spellings(form).Any(CommonPasswords.Contains) || KeyboardWalks.IsWalk(form) || IsRepetition(form));

    /// <summary>Returns a word unchanged, and with digits and signs read as letters: <c>p@ssw0rd</c>, <c>1etme1n</c>.</summary>
    private static IEnumerable<string> Spellings(string form)
    {
        var letters = form.Replace('@', 'a').Replace('4', 'a').Replace('3', 'e').Replace('0', 'o').Replace('$', 's').Replace('5', 's').Replace('7', 't').Replace('!', 'i');
        return [form, letters.Replace('1', 'i'), letters.Replace('1', 'l')];
    }

    /// <summary>Whether it repeats a short unit, possibly cut off at the end, or a common word.</summary>
    private static bool IsRepetition(string form)
    {
        for (var unit = 1; form.Length >= RepetitionMin && unit <= form.Length / 2; unit++)
        {
            var isRepeated = form.AsSpan(unit).SequenceEqual(form.AsSpan(0, form.Length - unit));
            if (isRepeated && (unit <= RepeatedUnitMax || Spellings(form[..unit]).Any(CommonPasswords.Contains)))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsNumber(string keys)
    {
        var digits = keys.Count(char.IsAsciiDigit);
        return digits <= DigitsMax && digits > 0 && keys.All(key => char.IsAsciiDigit(key) || NumberSigns.Contains(key));
    }

    private static bool IsAbout(string word, string keys, string stem) => word.Length >= OwnWordMin
        && (word == keys || word == stem || keys.Replace(word, string.Empty, StringComparison.Ordinal).Length <= Math.Min(BesideOwnWordMax, keys.Length - 1));
}
