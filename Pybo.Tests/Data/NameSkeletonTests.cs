using System.Text;
using Pybo.Data;

namespace Pybo.Tests.Data;

public sealed class NameSkeletonTests
{
    [Theory]
    [InlineData("admin", "аdmin")] // Cyrillic a
    [InlineData("admin", "admın")]
    [InlineData("admin", "adm1n")]
    [InlineData("admin", "admln")]
    [InlineData("admin", "adrnin")]
    [InlineData("admin", "ADMIN")]
    [InlineData("ADMIN", "ADMlN")]
    [InlineData("alice", "aIice")]
    [InlineData("alice", "ALlCE")]
    [InlineData("istanbul", "İstanbul")]
    [InlineData("pavel", "раvеl")] // Cyrillic r, a, ie
    [InlineData("HOB", "НОВ")] // all Cyrillic
    [InlineData("root", "r00t")]
    [InlineData("hello", "ＨＥＬＬＯ")]
    [InlineData("hello", "he\u200Bllo")]
    [InlineData("hello", "hel\u00ADlo")]
    [InlineData("hello", "\u202Ahello\u202C")]
    [InlineData("홍길동", "홍\u3164길동")]
    [InlineData("가나다", "ㄱㅏㄴㅏㄷㅏ")]
    [InlineData("각하", "ㄱㅏㄱㅎㅏ")]
    [InlineData("カタ", "力夕")]
    [InlineData("ニハ", "二八")]
    [InlineData("ロ", "口")]
    public void Similar_looking_names_have_the_same_skeleton(string one, string other) => Assert.Equal(NameSkeleton.Of(one), NameSkeleton.Of(other));

    [Theory]
    [InlineData("홍길동", "홍길돈")]
    [InlineData("김민아", "김미나")]
    [InlineData("개나리", "가나리")]
    [InlineData("alice", "alicia")]
    [InlineData("hong.gil", "hong_gil")]
    [InlineData("Дмитрий", "Дмитрии")]
    public void Distinguishable_names_have_different_skeletons(string one, string other) => Assert.NotEqual(NameSkeleton.Of(one), NameSkeleton.Of(other));

    [Fact]
    public void No_two_syllables_of_Hangul_look_alike()
    {
        var skeletons = Enumerable.Range('가', '힣' - '가' + 1).Select(c => NameSkeleton.Of(((char)c).ToString())).ToList();
        Assert.Equal(skeletons.Count, skeletons.Distinct().Count());
    }

    [Fact]
    public void A_skeleton_is_its_own_skeleton_and_does_not_depend_on_the_normal_form()
    {
        foreach (var name in new[] { "홍길동Kim", "ÀÉîöñ", "Дмитрий", "山田たろう", "m1n1mum", "ㅋㅋㅋ", "Ærøskøbing", "ΑΒΓαβγ" })
        {
            var skeleton = NameSkeleton.Of(name);
            Assert.Equal(skeleton, NameSkeleton.Of(skeleton));
            Assert.Equal(skeleton, NameSkeleton.Of(name.Normalize(NormalizationForm.FormD)));
        }
    }
}
