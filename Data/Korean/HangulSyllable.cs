namespace Pybo.Data;

/// <summary>A Hangul syllable as the places of its letters in Unicode's order (ㄱㄲㄴ…, ㅏㅐㅑ…, none and ㄱㄲㄳ…).</summary>
internal readonly record struct HangulSyllable(int Initial, int Medial, int Final)
{
    public const int NoFinal = 0;
    public const int Nieun = 4;

    private const char First = '가';
    private const char Last = '힣';
    private const int Medials = 21;
    private const int Finals = 28;

    private const int InitialNieun = 2;
    private const int InitialRieul = 5;
    private const int InitialIeung = 11;

    public char Character => (char)(First + (((Initial * Medials) + Medial) * Finals) + Final);

    /// <summary>Returns the letters of a syllable; null for any other character.</summary>
    public static HangulSyllable? Of(char character)
    {
        if (character is < First or > Last)
        {
            return null;
        }

        var (rest, final) = Math.DivRem(character - First, Finals);
        return new(rest / Medials, rest % Medials, final);
    }

    /// <summary>Returns how a Chinese reading is said at the beginning of a word: 리 is 이, 녀 is 여, 로 is 노.</summary>
    public static char AtStart(char reading)
    {
        if (Of(reading) is not { Initial: InitialNieun or InitialRieul } syllable)
        {
            return reading;
        }

        // ㅑ ㅕ ㅖ ㅛ ㅠ ㅣ
        var isBeforeI = syllable.Medial is 2 or 6 or 7 or 12 or 17 or 20;
        return (syllable with { Initial = isBeforeI ? InitialIeung : InitialNieun }).Character;
    }
}
