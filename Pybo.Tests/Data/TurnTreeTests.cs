using Pybo.Data;

namespace Pybo.Tests.Data;

public sealed class TurnTreeTests
{
    // 1 ─ 2 ─ 5
    //   └ 3 ─ 4
    // 6
    private static readonly TurnTree Tree = new([Turn(3, 1), Turn(1, null), Turn(2, 1), Turn(4, 3), Turn(5, 2), Turn(6, null)]);

    [Theory]
    [InlineData(null, new long[] { 6 })]
    [InlineData(1L, new long[] { 1, 2, 5 })]
    [InlineData(2L, new long[] { 1, 2, 5 })]
    [InlineData(3L, new long[] { 1, 3, 4 })]
    [InlineData(4L, new long[] { 1, 3, 4 })]
    [InlineData(7L, new long[0])]
    public void A_path_leads_through_a_turn_to_its_newest_descendant(long? through, long[] path) => Assert.Equal(path, Tree.PathThrough(through).Select(t => t.Id));

    [Theory]
    [InlineData(1, null, new long[] { 1, 6 })]
    [InlineData(3, 1L, new long[] { 2, 3 })]
    [InlineData(4, 3L, new long[] { 4 })]
    public void Turns_with_one_parent_are_versions(long id, long? parent, long[] versions) => Assert.Equal(versions, Tree.VersionsOf(Turn(id, parent)));

    [Fact]
    public void Without_a_turn_the_path_is_empty() => Assert.Empty(new TurnTree([]).PathThrough(null));

    private static Turn Turn(long id, long? parent) => new() { Id = id, ParentId = parent, ConversationId = 1, Question = "?" };
}
