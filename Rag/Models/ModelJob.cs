using Pybo.Data;

namespace Pybo.Rag.Models;

public enum ModelJobKind
{
    Pull,
    Verify,
}

public enum ModelJobState
{
    Waiting,
    Running,
    Stopped,
    Failed,
    Done,
}

/// <summary>The current state of a long-running task for a model, run in the background.</summary>
/// <param name="Model">The model's name.</param>
/// <param name="Progress">Null until it is known.</param>
/// <param name="Message">Why it failed, or its result, for the reader.</param>
/// <param name="Link">Where to fix it.</param>
public sealed record ModelJob(string Model, ModelJobKind Kind, ModelJobState State, PullProgress? Progress = null, Notice? Message = null, Uri? Link = null)
{
    public bool IsOpen => State is ModelJobState.Waiting or ModelJobState.Running;
}
