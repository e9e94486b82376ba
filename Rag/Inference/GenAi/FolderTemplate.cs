using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Microsoft.Extensions.AI;
using Microsoft.ML.OnnxRuntimeGenAI;
using Pybo.Rag.Tokenizers;

namespace Pybo.Rag.Inference.GenAi;

/// <summary>Turns messages into the prompt of a folder's own template (<c>chat_template.jinja</c> or tokenizer_config.json), for families without a
/// <see cref="ChatTemplate"/>.</summary>
/// <remarks>
/// The package renders the template with marks instead of the messages' texts. The template's own text is encoded with control tokens, the messages'
/// texts without, so no user text becomes a control token, whatever the template does. Marks are letters of Unicode's private use area, which no
/// template trims.
/// </remarks>
internal sealed partial class FolderTemplate : IDisposable
{
    private readonly LanguageModelFolder folder;
    private readonly ModelVocabulary vocabulary;
    private readonly Microsoft.ML.Tokenizers.Tokenizer control, plain;
    private readonly Tokenizer renderer;

    /// <exception cref="OnnxRuntimeGenAIException">The package cannot read the folder's tokenizer.</exception>
    public FolderTemplate(LanguageModelFolder folder, ModelVocabulary vocabulary)
    {
        (this.folder, this.vocabulary) = (folder, vocabulary);
        control = vocabulary.TokenizerFor(SpecialTokens.Found);
        plain = vocabulary.TokenizerFor(SpecialTokens.None);
        renderer = new(folder.Path);
    }

    /// <summary>Returns the prompt's ids and opens the model's turn.</summary>
    /// <exception cref="ArgumentException">The template has no place for the messages.</exception>
    public int[] Encode(IEnumerable<ChatMessage> messages)
    {
        List<ChatMessage> all = [.. messages];
        var (rendered, failure) = Render(all);
        if (rendered is null && all is [{ Role: var first } instructions, { Role: var second } question, .. var rest] && first == ChatRole.System && second == ChatRole.User)
        {
            // For a template without a system turn, its text precedes the first question.
            all = [new(ChatRole.User, $"{instructions.Text.Trim()}\n\n{question.Text}"), .. rest];
            (rendered, failure) = Render(all);
        }

        return rendered is not null
            ? Ids(rendered, all)
            : throw new ArgumentException($"The chat template of '{folder.Path}' has no place for these messages. {failure}", nameof(messages));
    }

    public void Dispose() => renderer.Dispose();

    /// <summary>Renders the template with a mark for each message; returns null and the reason if it refuses them or omits a required one.</summary>
    private (string? Rendered, string Failure) Render(List<ChatMessage> messages)
    {
        try
        {
            var marked = messages.Select((message, place) => new MarkedMessage(message.Role.Value, $"\uE000{place}\uE001")).ToArray();
            var rendered = renderer.ApplyChatTemplate(null, JsonSerializer.Serialize(marked, FolderTemplateJson.Default.MarkedMessageArray), null, true);
            var places = Mark().Matches(rendered).Select(PlaceOf).ToHashSet();
            var lost = messages.Index().FirstOrDefault(message => (message.Item.Role != ChatRole.Assistant) && !places.Contains(message.Index));
            return lost.Item is null ? (rendered, "") : (null, $"It leaves out the message of '{lost.Item.Role}' at {lost.Index}.");
        }
        catch (OnnxRuntimeGenAIException failure)
        {
            return (null, failure.Message.Trim());
        }
    }

    /// <summary>Keeps text of the template and of the messages between two control tokens in one piece, as the model was trained.</summary>
    private int[] Ids(string rendered, List<ChatMessage> messages)
    {
        var ids = new List<int>();
        var text = new StringBuilder();
        var start = 0;
        foreach (Match mark in Mark().Matches(rendered))
        {
            AddTemplate(rendered[start..mark.Index]);
            text.Append(messages[PlaceOf(mark)].Text.Trim());
            start = mark.Index + mark.Length;
        }

        AddTemplate(rendered[start..]);
        AddText();
        return [.. ids];

        void AddTemplate(string part)
        {
            var end = 0;
            foreach (var token in control.EncodeToTokens(part, out _))
            {
                if (vocabulary.IsControl(token.Id))
                {
                    text.Append(part.AsSpan(end..token.Offset.Start.Value));
                    AddText();
                    ids.Add(token.Id);
                    end = token.Offset.End.Value;
                }
            }

            text.Append(part.AsSpan(end));
        }

        void AddText()
        {
            ids.AddRange(plain.EncodeToIds(text.ToString()));
            text.Clear();
        }
    }

    private static int PlaceOf(Match mark) => int.Parse(mark.Groups["place"].ValueSpan, System.Globalization.CultureInfo.InvariantCulture);

    [GeneratedRegex("\uE000(?<place>[0-9]+)\uE001")]
    private static partial Regex Mark();
}

internal sealed record MarkedMessage(string Role, string Content);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(MarkedMessage[]))]
internal sealed partial class FolderTemplateJson : JsonSerializerContext;
