using System.Globalization;
using Pybo.Data;

namespace Pybo.Rag.Documents.Office;

/// <summary>Presentations: a slide is a page, its title a heading; notes and comments follow their slide. A hidden slide is an empty page, so that pages keep their numbers.</summary>
public sealed class PptxReader() : OfficeReader("ppt/", "presentationml")
{
    /// <summary>English Metric Units: 914,400 per inch.</summary>
    private const float UnitsPerPoint = 12_700;

    /// <summary>PowerPoint's own limit: 56 inches.</summary>
    private const float PointsMax = 4_032;

    public override DocumentFormat Format { get; } = new(
        "PowerPoint", "application/vnd.openxmlformats-officedocument.presentationml.presentation", [".pptx", ".pptm", ".ppsx", ".ppsm", ".potx", ".potm"]);

    private protected override IEnumerable<DocumentPart> Read(OfficePackage package)
    {
        var (slides, width, height) = Outline(package);
        var (hidden, places) = (0, new PptxPlaces(package));
        foreach (var slide in slides)
        {
            package.Require(slide);
            yield return new PagePart(width, height);
            var reading = new PptxSlide(package, slide, places);
            foreach (var part in reading.Read())
            {
                yield return part;
            }

            hidden += reading.IsHidden ? 1 : 0;
        }

        if (hidden > 0)
        {
            yield return new WarningPart(Notice.Of(ReadingProblem.HiddenSlidesLeftOut, hidden));
        }
    }

    /// <summary>Returns the slides in presentation order, and their size in points.</summary>
    private static (List<string> Slides, float Width, float Height) Outline(OfficePackage package)
    {
        var relationships = package.Relationships(package.Main);
        var (slides, width, height) = (new List<string>(), 0f, 0f);
        foreach (var xml in package.Elements(package.Main))
        {
            if (xml.Name == "sldSz")
            {
                (width, height) = (Points(xml.Attribute("cx")), Points(xml.Attribute("cy")));
            }
            else if (xml.Name == "sldId" && xml.RelationshipId() is { } id && relationships.TryGetValue(id, out var slide) && slides.Count <= DocumentBuilder.PagesMax)
            {
                slides.Add(slide.Target);
            }
        }

        // A presentation cut off before its list still has its slides.
        return (slides.Count > 0 ? slides : [.. OfficePackage.Related(relationships, "slide")], width, height);
    }

    private static float Points(string? units) =>
        long.TryParse(units, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? Math.Min(number / UnitsPerPoint, PointsMax) : 0;
}
