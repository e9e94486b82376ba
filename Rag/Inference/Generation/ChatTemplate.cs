using System.Text;
using Microsoft.Extensions.AI;
using Microsoft.ML.Tokenizers;
using Pybo.Rag.Tokenizers;

namespace Pybo.Rag.Inference;

/// <summary>Turns messages into the prompt that a model was tuned on, as its <see cref="ChatFamily"/> defines.</summary>
/// <remarks>
/// Control tokens are added by id, and all text that people wrote is encoded without them, so no text can end its own turn. A conversation's ids begin with
/// those of the same conversation one exchange shorter, so a prefix cache works. For families that write something before an answer that they leave out of
/// earlier ones (Qwen 3), it works up to the answer; for others, completely. The ids of a generated answer may differ from those of its text encoded again;
/// then the cache holds up to where they differ.
/// </remarks>
internal sealed class ChatTemplate
{
    /// <summary>Maximum control tokens of a vocabulary listed in the message about an unknown family.</summary>
    private const int TokensNamedMax = 12;

    private readonly ModelVocabulary vocabulary;
    private readonly Tokenizer tokenizer;
    private readonly ChatFamily family;
    private readonly ControlToken[] controls;

    private ChatTemplate(DeclaredModel model, ChatFamily family)
    {
        (vocabulary, this.family) = (model.Vocabulary, family);
        tokenizer = vocabulary.TokenizerFor(SpecialTokens.None);
        controls = [.. family.Controls.Concat(family.Marks).Where(model.Has).Select(text => new ControlToken(vocabulary.TokenToId(text)!.Value, text))];
        StopIds =
        [
            .. Split(family.Close).Concat(Split(family.AssistantClose ?? "")).Where(part => part.Control is not null).Select(part => part.Control!.Id)
                .Concat(family.Ends.Select(vocabulary.TokenToId).OfType<int>()).Distinct(),
        ];
    }

    /// <summary>The family's name, for display.</summary>
    public string Family => family.Name;

    /// <summary>Ids that end an answer, whatever the folder says: the close of the model's turn, and the family's end-of-text tokens.</summary>
    public IReadOnlyList<int> StopIds { get; }

    /// <summary>Returns the template for a folder's declarations.</summary>
    /// <exception cref="InvalidDataException">The family is unknown.</exception>
    public static ChatTemplate For(DeclaredModel model) => Find(model) ?? throw Unknown(model);

    /// <summary>Returns the template for a folder's declarations; null if the family is unknown.</summary>
    public static ChatTemplate? Find(DeclaredModel model) => ChatFamily.Of(model) is { } family ? new(model, family) : null;

    /// <summary>Returns the prompt's text, with its control tokens written out.</summary>
    /// <param name="addGenerationPrompt">Opens the turn that the model continues.</param>
    /// <exception cref="ArgumentException">A message has another role, or users and assistants do not alternate.</exception>
    public string Render(IEnumerable<ChatMessage> messages, bool addGenerationPrompt = true) =>
        string.Concat(Parts(messages, addGenerationPrompt).Select(part => part.Control?.Text ?? part.Text));

    /// <summary>Returns the prompt's ids. As in training, a control token may absorb the white space next to it.</summary>
    /// <inheritdoc cref="Render"/>
    public int[] Encode(IEnumerable<ChatMessage> messages, bool addGenerationPrompt = true)
    {
        var parts = Parts(messages, addGenerationPrompt);
        var ids = new List<int>();
        for (var i = 0; i < parts.Count; i++)
        {
            if (parts[i].Control is { } control)
            {
                ids.Add(control.Id);
                continue;
            }

            var text = parts[i].Text!;
            text = i > 0 && vocabulary.TakesSpaceAfter(parts[i - 1].Control!.Id) ? text.TrimStart() : text;
            text = i + 1 < parts.Count && vocabulary.TakesSpaceBefore(parts[i + 1].Control!.Id) ? text.TrimEnd() : text;
            ids.AddRange(tokenizer.EncodeToIds(text));
        }

        return [.. ids];
    }

    /// <summary>Control tokens and the text between them, kept whole because runs of line feeds are tokens, whatever their origin. No two texts are
    /// adjacent.</summary>
    private List<Part> Parts(IEnumerable<ChatMessage> messages, bool addGenerationPrompt)
    {
        var parts = new List<Part>();
        var text = new StringBuilder();
        Write(family.Begin);
        foreach (var (open, content, close) in Turns([.. messages]))
        {
            Write(open);
            text.Append(content);
            Write(close);
        }

        if (addGenerationPrompt)
        {
            Write(family.Assistant);
            Write(family.Opening);
        }

        EndText();
        return parts;

        void Write(string pattern)
        {
            foreach (var part in Split(pattern))
            {
                if (part.Control is null)
                {
                    text.Append(part.Text);
                    continue;
                }

                EndText();
                parts.Add(part);
            }
        }

        void EndText()
        {
            if (text.Length > 0)
            {
                parts.Add(new(null, text.ToString()));
                text.Clear();
            }
        }
    }

    private List<(string Open, string Content, string Close)> Turns(IReadOnlyList<ChatMessage> messages)
    {
        var turns = new List<(string, string, string)>();
        if (family.DefaultSystem is { } standing && (messages.Count == 0 || messages[0].Role != ChatRole.System))
        {
            turns.Add((family.System!, standing, family.Close));
        }

        var (prefix, taken) = ("", 0);
        foreach (var (place, message) in messages.Index())
        {
            if (message.Role == ChatRole.System && place == 0 && family.System is null)
            {
                // These models have no system turn: its text precedes the first question, unchanged.
                prefix = message.Text + "\n\n";
                continue;
            }

            var (open, close) = message.Role == ChatRole.User ? (family.User, family.UserClose ?? family.Close)
                : message.Role == ChatRole.Assistant ? (family.OpensEarlierAnswers ? family.Assistant + family.Opening : family.Assistant, family.AssistantClose ?? family.Close)
                : message.Role == ChatRole.System && family.System is { } system ? (system, family.Close)
                : throw new ArgumentException($"The template has no place for a message of '{message.Role}' at {place}.", nameof(messages));
            if (family.Alternates && (message.Role == ChatRole.Assistant) != (taken % 2 == 1))
            {
                throw new ArgumentException("Users and assistants must take turns, a user first.", nameof(messages));
            }

            turns.Add((open, prefix + (family.Trims ? message.Text.Trim() : message.Text), close));
            (prefix, taken) = ("", taken + 1);
        }

        return turns;
    }

    /// <summary>Splits a pattern of the family at its control tokens.</summary>
    private IEnumerable<Part> Split(string pattern)
    {
        var from = 0;
        for (var at = 0; at < pattern.Length;)
        {
            if (Array.Find(controls, control => string.CompareOrdinal(pattern, at, control.Text, 0, control.Text.Length) == 0) is not { } found)
            {
                at++;
                continue;
            }

            if (at > from)
            {
                yield return new(null, pattern[from..at]);
            }

            yield return new(found, null);
            from = at += found.Text.Length;
        }

        if (from < pattern.Length)
        {
            yield return new(null, pattern[from..]);
        }
    }

    private static InvalidDataException Unknown(DeclaredModel model)
    {
        var vocabulary = model.Vocabulary;
        var special = Enumerable.Range(0, vocabulary.Size).Where(vocabulary.IsSpecial).Select(vocabulary.IdToToken).Take(TokensNamedMax + 1).ToList();
        var found = special.Count == 0 ? "none" : string.Join(" ", special.Take(TokensNamedMax)) + (special.Count > TokensNamedMax ? " …" : "");
        return new(
            $"The model is of no family whose chat template this program knows. Control tokens of its tokenizer: {found}; model type: {model.ModelType ?? "not said"}; "
            + $"chat template: {(model.Template is null ? "none" : "one of another family")}. Known families: {string.Join("; ", ChatFamily.All.Select(family => family.Name))}. "
            + "Choose a model of the catalogue (models list), or a folder with genai_config.json, which runs through the onnxruntime-genai package.");
    }

    private sealed record ControlToken(int Id, string Text);

    private sealed record Part(ControlToken? Control, string? Text);
}
