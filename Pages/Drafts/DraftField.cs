using Pybo.Data;

namespace Pybo.Pages.Drafts;

/// <summary>The model of <c>_DraftField</c>: the part of a form that saves its text as a draft.</summary>
/// <param name="Target">What the text becomes.</param>
/// <param name="IsRestored">True if the form shows a saved draft.</param>
public sealed record DraftField(DraftTarget Target, bool IsRestored);
