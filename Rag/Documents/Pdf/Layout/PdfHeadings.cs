using System.Text;

namespace Pybo.Rag.Documents.Pdf.Layout;

/// <summary>Distinguishes headings from text by their size relative to the document's body text, and by boldness.</summary>
internal sealed class PdfHeadings
{
    public const int CharactersMax = 120;

    /// <summary>A bold line is a heading only if it is shorter than a full line.</summary>
    private const int BoldCharactersMax = 60;

    private const int LettersMin = 2;

    /// <summary>Sizes of headings as multiples of the body's, for levels 1 to 3.</summary>
    private const float FirstRatio = 1.6f;
    private const float SecondRatio = 1.3f;
    private const float ThirdRatio = 1.12f;

    private const float ChapterRatio = 1.04f;

    /// <summary>Notes and captions are smaller; bold ones are not headings.</summary>
    private const float BoldRatio = 0.97f;

    private const int LevelsMax = 3;

    /// <summary>If more of the text is bold, boldness means nothing.</summary>
    private const float BoldShareMax = 0.4f;

    /// <summary>Sizes are counted in steps of half a point.</summary>
    private const float SizeSteps = 2;

    private readonly Dictionary<int, long> lettersOfSize = [];
    private long letters;
    private long boldLetters;

    /// <summary>The size of most letters.</summary>
    public float BodySize { get; private set; }

    /// <summary>Counts lines; call it before <see cref="Level"/>.</summary>
    public void Count(IEnumerable<PdfLine> lines)
    {
        foreach (var line in lines)
        {
            var step = (int)Math.Round(Math.Min(line.Size, short.MaxValue) * SizeSteps);
            lettersOfSize[step] = lettersOfSize.GetValueOrDefault(step) + line.Text.Length;
            letters += line.Text.Length;
            boldLetters += line.IsBold ? line.Text.Length : 0;
        }

        BodySize = lettersOfSize.Count == 0 ? 0 : lettersOfSize.MaxBy(s => s.Value).Key / SizeSteps;
    }

    /// <summary>Returns 1 to 3 for a line that looks like a heading, 0 for text.</summary>
    public int Level(PdfLine line)
    {
        if (BodySize <= 0 || line.HasCells || line.IsRunning || line.Text.Length > CharactersMax || !HasWords(line.Text))
        {
            return 0;
        }

        var ratio = line.Size / BodySize;
        var isBold = line.IsBold && boldLetters < BoldShareMax * letters;
        var chapter = PdfListMarks.ChapterLevel(line.Text);
        if (chapter > 0 && (isBold || ratio >= ChapterRatio))
        {
            return chapter;
        }

        var isSentence = line.Text[^1] is '.' or ',' or ';' or ':' or '。';
        return ratio switch
        {
            >= FirstRatio => 1,
            >= SecondRatio => 2,
            >= ThirdRatio when !isSentence => LevelsMax,
            >= BoldRatio when isBold && !isSentence && line.Text.Length <= BoldCharactersMax => LevelsMax,
            _ => 0,
        };
    }

    private static bool HasWords(string text)
    {
        var count = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            count += Rune.IsLetter(rune) ? 1 : 0;
        }

        return count >= LettersMin;
    }
}
