using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Microsoft.Extensions.AI;
using Microsoft.ML.OnnxRuntimeGenAI;
using Pybo.Rag.Tokenizers;

namespace Pybo.Rag.Inference.GenAi;

/// <summary>Messages as the prompt that a folder's own template makes (<c>chat_template.jinja</c> or tokenizer_config.json), for families without a <see cref="ChatTemplate"/>.</summary>
/// <remarks>
/// The package renders the template over marks that stand for the messages' texts. What the template itself writes is encoded with its control tokens,
/// the texts in the marks' places without: so no text of others becomes one, whatever the template does. Marks are letters of Unicode's private use, which
/// no template trims.
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

    /// <summary>The prompt's ids, with the turn opened that the model goes on with.</summary>
    /// <exception cref="ArgumentException">The template has no place for the messages.</exception>
    public int[] Encode(IEnumerable<ChatMessage> messages)
    {
        List<ChatMessage> all = [.. messages];
        var (rendered, failure) = Render(all);
        if (rendered is null && all is [{ Role: var first } instructions, { Role: var second } question, .. var rest] && first == ChatRole.System && second == ChatRole.User)
        {
            // A template without a system turn: its text stands before the first question.
            all = [new(ChatRole.User, $"{instructions.Text.Trim()}\n\n{question.Text}"), .. rest];
            (rendered, failure) = Render(all);
        }

        return rendered is not null
            ? Ids(rendered, all)
            : throw new ArgumentException($"The chat template of '{folder.Path}' has no place for these messages. {failure}", nameof(messages));
    }

    public void Dispose() => renderer.Dispose();

    /// <summary>The template's text with a mark in the place of each message's; null, and why, where it refuses them or leaves one out that must be there.</summary>
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

    /// <summary>Text of the template and of the messages in one piece between two control tokens, as the model was trained on.</summary>
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
