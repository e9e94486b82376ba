using System.Text;
using Microsoft.Extensions.AI;
using Microsoft.ML.Tokenizers;
using Pybo.Rag.Tokenizers;

namespace Pybo.Rag.Inference;

/// <summary>Messages as the prompt that a model was tuned on: Gemma 3 and 3n, or Gemma 4.</summary>
/// <remarks>
/// Control tokens are put in by id and everything that anyone wrote is encoded without them, so no text can end its own turn, whatever is in it.
/// A conversation's ids begin with those of the conversation one exchange shorter, so a prefix cache works; the ids of an answer as it was generated
/// may differ from those of its text encoded again, and then the cache holds to where they part.
/// </remarks>
internal sealed class ChatTemplate
{
    private const string Model = "model";

    private readonly Tokenizer tokenizer;
    private readonly ControlToken begin, open, close;
    private readonly bool hasSystemTurns;

    private ChatTemplate(Tokenizer tokenizer, ControlToken begin, ControlToken open, ControlToken close, bool hasSystemTurns) =>
        (this.tokenizer, this.begin, this.open, this.close, this.hasSystemTurns) = (tokenizer, begin, open, close, hasSystemTurns);

    /// <summary>The template that goes with a vocabulary's control tokens.</summary>
    /// <exception cref="InvalidDataException">It has those of no known template.</exception>
    public static ChatTemplate For(ModelVocabulary vocabulary) => Find(vocabulary)
        ?? throw new InvalidDataException("The model's tokenizer has the control tokens of no chat template this program knows (Gemma 3, 3n and 4): choose a model of the catalogue.");

    /// <summary>The same; null where it has those of no known template.</summary>
    public static ChatTemplate? Find(ModelVocabulary vocabulary)
    {
        var tokenizer = vocabulary.TokenizerFor(SpecialTokens.None);
        return Create("<start_of_turn>", "<end_of_turn>", hasSystemTurns: false) ?? Create("<|turn>", "<turn|>", hasSystemTurns: true);

        ChatTemplate? Create(string open, string close, bool hasSystemTurns) => Token("<bos>") is { } first && Token(open) is { } start && Token(close) is { } end
            ? new(tokenizer, first, start, end, hasSystemTurns)
            : null;

        ControlToken? Token(string text) => vocabulary.TokenToId(text) is { } id ? new(id, text) : null;
    }

    /// <summary>The prompt's text, its control tokens written out.</summary>
    /// <param name="addGenerationPrompt">Opens the turn that the model goes on with.</param>
    /// <exception cref="ArgumentException">A message is of another role, or users and assistants do not take turns.</exception>
    public string Render(IEnumerable<ChatMessage> messages, bool addGenerationPrompt = true)
    {
        var text = new StringBuilder();
        foreach (var part in Parts(messages, addGenerationPrompt))
        {
            text.Append(part.Control?.Text ?? part.Text);
        }

        return text.ToString();
    }

    /// <summary>The prompt's ids.</summary>
    /// <inheritdoc cref="Render"/>
    public int[] Encode(IEnumerable<ChatMessage> messages, bool addGenerationPrompt = true) =>
        [.. Parts(messages, addGenerationPrompt).SelectMany(part => part.Control is { } control ? [control.Id] : tokenizer.EncodeToIds(part.Text!))];

    /// <summary>Control tokens and the text between them. A turn's text stays whole: runs of line feeds are tokens, wherever they come from.</summary>
    private IEnumerable<(ControlToken? Control, string? Text)> Parts(IEnumerable<ChatMessage> messages, bool addGenerationPrompt)
    {
        yield return (begin, null);
        foreach (var (role, content) in Turns([.. messages]))
        {
            yield return (open, null);
            yield return (null, $"{role}\n{content}");
            yield return (close, null);
            yield return (null, "\n");
        }

        if (addGenerationPrompt)
        {
            yield return (open, null);
            yield return (null, $"{Model}\n");
        }
    }

    private List<(string Role, string Content)> Turns(IReadOnlyList<ChatMessage> messages)
    {
        var turns = new List<(string, string)>();
        var prefix = "";
        foreach (var (message, place) in messages.Select((m, i) => (m, i)))
        {
            if (message.Role == ChatRole.System && place == 0 && !hasSystemTurns)
            {
                // These models know no system turn: its text stands before the first question, as it is.
                prefix = message.Text + "\n\n";
                continue;
            }

            var role = message.Role == ChatRole.Assistant ? Model
                : message.Role == ChatRole.User || (hasSystemTurns && message.Role == ChatRole.System) ? message.Role.Value
                : throw new ArgumentException($"The template has no place for a message of '{message.Role}' at {place}.", nameof(messages));
            if (!hasSystemTurns && (role == Model) != (turns.Count % 2 == 1))
            {
                throw new ArgumentException("Users and assistants must take turns, a user first.", nameof(messages));
            }

            turns.Add((role, prefix + message.Text.Trim()));
            prefix = "";
        }

        return turns;
    }

    private sealed record ControlToken(int Id, string Text);
}
