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

/// <summary>Something long that is done to a model beside the site, as it is at the moment.</summary>
/// <param name="Model">Its name.</param>
/// <param name="Progress">Null until it is known.</param>
/// <param name="Message">Why it failed, or what it found, for the reader.</param>
/// <param name="Link">Where it can be mended.</param>
public sealed record ModelJob(string Model, ModelJobKind Kind, ModelJobState State, PullProgress? Progress = null, Notice? Message = null, Uri? Link = null)
{
    public bool IsOpen => State is ModelJobState.Waiting or ModelJobState.Running;
}
