namespace Pybo.Rag.Inference;

/// <summary>The disposables of one object, disposed in reverse order; if its constructor fails, those created so far.</summary>
internal sealed class Owned : IDisposable
{
    private readonly Stack<IDisposable> items = new();

    public T Add<T>(T item) where T : IDisposable
    {
        items.Push(item);
        return item;
    }

    public void Dispose()
    {
        while (items.TryPop(out var item))
        {
            item.Dispose();
        }
    }
}
