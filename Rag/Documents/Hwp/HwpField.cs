namespace Pybo.Rag.Documents.Hwp;

/// <summary>A field around text: a link with its target, or a place to fill in with its prompt.</summary>
internal sealed class HwpField
{
    /// <summary>The address that a link leads to; empty for another field.</summary>
    public string Target { get; set; } = "";

    /// <summary>What the field shows until it is filled in.</summary>
    public string Prompt { get; set; } = "";

    /// <summary>Takes a field's command: a link's <c>https\://…;1;0;0;</c>, or a prompt's <c>Clickhere:set:…:Direction:wstring:4:성명을 …</c>.</summary>
    public void TakeCommand(string command)
    {
        const string direction = "Direction:wstring:";
        if (command.IndexOf(direction, StringComparison.Ordinal) is >= 0 and var found)
        {
            var text = command.AsSpan(found + direction.Length);
            var colon = text.IndexOf(':');
            if (Prompt.Length == 0 && colon > 0 && int.TryParse(text[..colon], out var length) && length > 0)
            {
                text = text[(colon + 1)..];
                Prompt = text[..Math.Min(length, text.Length)].ToString();
            }

            return;
        }

        var address = command.Replace("\\:", ":", StringComparison.Ordinal);
        address = address[..(address.IndexOf(';', StringComparison.Ordinal) is >= 0 and var end ? end : address.Length)];
        if (Target.Length == 0 && LinkText.Address(address).Length > 0)
        {
            Target = address;
        }
    }

    /// <summary>Returns whether a field shows its prompt only.</summary>
    public bool IsEmpty(string shown) => Prompt.Length > 0 && shown.AsSpan().Trim().SequenceEqual(Prompt.AsSpan().Trim());
}
