using System.Text;
using Pybo.Rag.Documents.Zip;

namespace Pybo.Rag.Documents.Office;

/// <summary>Writes an equation of Office on one line (Office Math Markup Language: ECMA-376 part 1, 22.1): <c>3/4</c>, <c>1.05²</c>, <c>√(16)</c>.</summary>
internal static class MathText
{
    /// <summary>Structures inside each other; deeper ones are read as their plain characters.</summary>
    private const int NestedMax = 40;

    /// <summary>A longer equation is cut.</summary>
    private const int CharactersMax = 100_000;

    private const string RowSeparator = "; ";

    /// <summary>Returns the equation that starts here, and moves to its end.</summary>
    public static string Read(XmlScanner xml) => Content(xml, 0).Trim();

    /// <summary>Returns everything inside the element that starts here.</summary>
    private static string Content(XmlScanner xml, int nested)
    {
        var (text, depth, fraction) = (new StringBuilder(), xml.Depth, -1);
        while (xml.Read() && !(xml.IsEnd && xml.Depth == depth))
        {
            if (!xml.IsStart)
            {
                continue;
            }

            var isFraction = xml.Name == "f";
            var more = Element(xml, nested);
            if (more.Length == 0)
            {
                continue;
            }

            if (fraction >= 0 && char.IsLetterOrDigit(more[0]))
            {
                // In one line, the factor after a fraction would belong to its lower part.
                text.Insert(fraction, '(').Append(')');
            }

            var follows = isFraction && text.Length > 0 && char.IsLetterOrDigit(text[^1]);
            fraction = isFraction ? text.Length + (follows ? 1 : 0) : -1;
            if (!BoundedText.Add(text, follows ? " " + more : more, CharactersMax))
            {
                xml.Cut();
            }
        }

        return text.ToString();
    }

    private static string Element(XmlScanner xml, int nested)
    {
        switch (xml.Name)
        {
            case "r":
                return Run(xml);
            case var name when name.EndsWith("Pr", StringComparison.Ordinal) || name is "del" or "moveFrom":
                xml.Skip();
                return "";
            case "f" or "sSup" or "sSub" or "sSubSup" or "sPre" or "rad" or "nary" or "d" or "m" or "eqArr" or "acc" or "bar" or "func" or "limLow" or "limUpp" or "phant" when nested < NestedMax:
                return Structure(xml, nested);
            default:
                return nested < NestedMax ? Content(xml, nested + 1) : xml.TextInside();
        }
    }

    private static string Run(XmlScanner xml)
    {
        var (text, depth, isHidden) = (new StringBuilder(), xml.Depth, false);
        while (xml.Read() && !(xml.IsEnd && xml.Depth == depth))
        {
            isHidden |= xml.IsStart && xml.Name == "vanish" && DocxRun.IsOn(xml);
            if (xml.IsStart && xml.Name == "t" && !BoundedText.Add(text, xml.TextInside(), CharactersMax))
            {
                xml.Cut();
            }
        }

        return isHidden ? "" : text.ToString();
    }

    private static string Structure(XmlScanner xml, int nested)
    {
        var (name, parts) = (xml.Name, new Parts(xml, nested));
        return name switch
        {
            "f" => Fraction(parts),
            "sSup" or "sSub" or "sSubSup" => FormulaText.Scripts(parts["e"], parts["sub"], parts["sup"]),
            "sPre" => FormulaText.Scripts("", parts["sub"], parts["sup"]) + parts["e"],
            "rad" => FormulaText.Root(parts["e"], parts.IsOn("degHide") ? "" : parts["deg"]),
            "nary" => $"{FormulaText.Scripts(parts.Sign("chr", "∫"), parts["sub"], parts["sup"])} {parts["e"]}",
            "d" => Delimited(parts),
            "m" or "eqArr" => string.Join(RowSeparator, name == "m" ? parts.All("mr") : parts.All("e")),
            "acc" => Accented(parts["e"], parts.Sign("chr", "\u0302")),
            "bar" => Barred(parts["e"], parts.Sign("pos", "") == "top" ? '\u0305' : '\u0332'),
            "func" => parts["e"] is ['(' or '[' or '|', ..] ? parts["fName"] + parts["e"] : $"{parts["fName"]}({parts["e"]})",
            "limLow" => FormulaText.Scripts(parts["e"], parts["lim"], ""),
            "limUpp" => FormulaText.Scripts(parts["e"], "", parts["lim"]),
            _ => parts.IsOff("show") ? "" : parts["e"], // phantoms only take room unless they are shown
        };
    }

    /// <summary>Writes a fraction; without its bar it is the two rows of a binomial coefficient.</summary>
    private static string Fraction(Parts parts) => parts.Sign("type", "bar") == "noBar"
        ? parts["num"] + RowSeparator + parts["den"]
        : FormulaText.Fraction(parts["num"], parts["den"]);

    private static string Delimited(Parts parts) =>
        parts.Sign("begChr", "(") + string.Join(parts.Sign("sepChr", "|"), parts.All("e")) + parts.Sign("endChr", ")");

    private static string Accented(string text, string accent) => text.Length > 0 ? text + accent : "";

    private static string Barred(string text, char bar)
    {
        const int charactersMax = 16;
        return text.Length <= charactersMax ? string.Concat(text.Select(character => $"{character}{bar}")) : text;
    }

    /// <summary>The parts of a structure (its base, its scripts, its rows) and its properties.</summary>
    private sealed class Parts
    {
        /// <summary>Rows of a matrix, or parts between separators.</summary>
        private const int CountMax = 1_000;

        private readonly List<(string Name, string Text)> parts = [];
        private readonly Dictionary<string, string?> properties = new(StringComparer.Ordinal);

        public Parts(XmlScanner xml, int nested)
        {
            var depth = xml.Depth;
            while (xml.Read() && !(xml.IsEnd && xml.Depth == depth))
            {
                if (!xml.IsStart)
                {
                    continue;
                }

                if (xml.Name.EndsWith("Pr", StringComparison.Ordinal))
                {
                    AddProperties(xml);
                }
                else if (parts.Count == CountMax)
                {
                    xml.Cut();
                    xml.Skip();
                }
                else
                {
                    parts.Add((xml.Name, xml.Name == "mr" ? Row(xml, nested + 1) : Content(xml, nested + 1).Trim()));
                }
            }
        }

        /// <summary>Returns a part; empty if there is none.</summary>
        public string this[string name] => parts.Find(part => part.Name == name).Text ?? "";

        public IEnumerable<string> All(string name) => parts.Where(part => part.Name == name).Select(part => part.Text);

        /// <summary>Returns a property's value; a default if it is not set, nothing if it is set to nothing.</summary>
        public string Sign(string property, string @default) => properties.TryGetValue(property, out var value) ? value ?? "" : @default;

        public bool IsOn(string property) => properties.TryGetValue(property, out var value) && !IsFalse(value);

        public bool IsOff(string property) => properties.TryGetValue(property, out var value) && IsFalse(value);

        private static bool IsFalse(string? value) => value is "0" or "off" or "false";

        private static string Row(XmlScanner xml, int nested)
        {
            var (cells, depth) = (new List<string>(), xml.Depth);
            while (xml.Read() && !(xml.IsEnd && xml.Depth == depth))
            {
                if (xml.IsStart && cells.Count < CountMax)
                {
                    cells.Add(Content(xml, nested).Trim());
                }
            }

            return string.Join(", ", cells);
        }

        private void AddProperties(XmlScanner xml)
        {
            var depth = xml.Depth;
            while (xml.Read() && !(xml.IsEnd && xml.Depth == depth))
            {
                if (xml.IsStart && xml.Name is "type" or "chr" or "pos" or "begChr" or "endChr" or "sepChr" or "degHide" or "show")
                {
                    properties.TryAdd(xml.Name, xml.Attribute("val"));
                }
            }
        }
    }
}
