namespace Pybo.Rag.Inference;

/// <summary>The disposables of one object. They are disposed in reverse order, also those made so far where its constructor fails.</summary>
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
