using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;

namespace Pybo.Data;

/// <summary>
/// A message for a person, as a code with values; <c>Pages/Resources</c> has the words for each language. It is stored, and passed between processes, as a
/// line: <c>["ReadingProblem_TooManyPages",5000]</c>. Older versions stored a sentence instead, which does not parse as such a line.
/// </summary>
public sealed class Notice : IEquatable<Notice>
{
    /// <summary>A notice may contain notices to this depth.</summary>
    private const int DepthMax = 3;

    private const string Cut = "…";

    private static readonly JsonWriterOptions Writing = new() { Encoder = JavaScriptEncoder.Create(UnicodeRanges.All) };

    private Notice(string code, IReadOnlyList<object> values) => (Code, Values) = (code, values);

    /// <summary>The type and name of the enumeration's member.</summary>
    public string Code { get; }

    /// <summary>Numbers, texts, notices.</summary>
    public IReadOnlyList<object> Values { get; }

    /// <param name="code">A member of an enumeration of such codes.</param>
    /// <param name="values">Whole numbers, fractions and notices are kept; anything else becomes text.</param>
    public static Notice Of<TCode>(TCode code, params ReadOnlySpan<object?> values)
        where TCode : struct, Enum
    {
        var kept = new object[values.Length];
        for (var at = 0; at < values.Length; at++)
        {
            kept[at] = values[at] switch
            {
                int number => (long)number,
                long or double or Notice => values[at]!,
                var other => other?.ToString() ?? "",
            };
        }

        return new($"{typeof(TCode).Name}_{code}", kept);
    }

    /// <summary>Parses a stored line; null if it is not a notice.</summary>
    public static Notice? Parse(string? line)
    {
        if (line is not ['[', '"', ..])
        {
            return null;
        }

        try
        {
            using var json = JsonDocument.Parse(line, new() { MaxDepth = DepthMax });
            return Read(json.RootElement);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Returns the line with at most this many characters, cutting its texts to fit.</summary>
    public string Stored(int charactersMax)
    {
        var line = ToString();
        for (var textMax = charactersMax; line.Length > charactersMax && textMax > 0; textMax /= 2)
        {
            line = new Notice(Code, [.. Values.Select(value => value is string text && text.Length > textMax ? text.Cut(textMax) + Cut : value)]).ToString();
        }

        return line;
    }

    public override string ToString()
    {
        var line = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(line, Writing))
        {
            Write(json);
        }

        return Encoding.UTF8.GetString(line.WrittenSpan);
    }

    public bool Equals(Notice? other) => other?.ToString() == ToString();

    public override bool Equals(object? obj) => Equals(obj as Notice);

    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    private static Notice? Read(JsonElement line)
    {
        if (line is not { ValueKind: JsonValueKind.Array } || line.GetArrayLength() == 0 || line[0].ValueKind is not JsonValueKind.String)
        {
            return null;
        }

        var values = new List<object>();
        foreach (var value in line.EnumerateArray().Skip(1))
        {
            if (value.ValueKind switch
            {
                JsonValueKind.String => value.GetString(),
                JsonValueKind.Number => value.TryGetInt64(out var whole) ? whole : value.GetDouble(),
                JsonValueKind.Array => (object?)Read(value),
                _ => null,
            } is not { } read)
            {
                return null;
            }

            values.Add(read);
        }

        return new(line[0].GetString()!, values);
    }

    private void Write(Utf8JsonWriter json)
    {
        json.WriteStartArray();
        json.WriteStringValue(Code);
        foreach (var value in Values)
        {
            switch (value)
            {
                case long number:
                    json.WriteNumberValue(number);
                    break;
                case double number:
                    json.WriteNumberValue(number);
                    break;
                case Notice notice:
                    notice.Write(json);
                    break;
                default:
                    json.WriteStringValue((string)value);
                    break;
            }
        }

        json.WriteEndArray();
    }
}

/// <summary>A file cannot be read or kept; the notice says why.</summary>
public sealed class NoticeException(Notice notice) : IOException(notice.ToString())
{
    public Notice Notice => notice;
}
