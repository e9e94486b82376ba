using Microsoft.AspNetCore.DataProtection.EntityFrameworkCore;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace Pybo.Data;

/// <summary>The single database file: users, posts, documents, passages, chunks, conversations and the cookie protection keys.</summary>
/// <remarks>
/// SQL in <c>Migrations</c> covers the parts EF Core does not model: the FTS5 table <c>PassageWords</c> with its vocabulary <c>PassageTerms</c>, and the
/// triggers that keep the counters and totals, and remove words and vectors with their passage. <see cref="VectorTables"/> creates one vec0 table per model.
/// </remarks>
/// <param name="options">Options from <see cref="PyboDbOptions"/>.</param>
/// <param name="indexing">Wakes this process's indexer; null if it has none.</param>
public sealed class PyboDb(DbContextOptions<PyboDb> options, IndexingSignal? indexing = null) : IdentityUserContext<User, long>(options), IDataProtectionKeyContext
{
    public DbSet<Session> Sessions => Set<Session>();
    public DbSet<Category> Categories => Set<Category>();
    public DbSet<MemberGroup> Groups => Set<MemberGroup>();
    public DbSet<GroupMember> GroupMembers => Set<GroupMember>();
    public DbSet<Question> Questions => Set<Question>();
    public DbSet<QuestionVote> QuestionVotes => Set<QuestionVote>();
    public DbSet<Answer> Answers => Set<Answer>();
    public DbSet<AnswerVote> AnswerVotes => Set<AnswerVote>();
    public DbSet<QuestionFollow> QuestionFollows => Set<QuestionFollow>();
    public DbSet<TagFollow> TagFollows => Set<TagFollow>();
    public DbSet<MemberFollow> MemberFollows => Set<MemberFollow>();
    public DbSet<Bookmark> Bookmarks => Set<Bookmark>();
    public DbSet<Notification> Notifications => Set<Notification>();
    public DbSet<MergedQuestion> MergedQuestions => Set<MergedQuestion>();
    public DbSet<ModerationAct> ModerationActs => Set<ModerationAct>();
    public DbSet<MailChoice> MailChoices => Set<MailChoice>();
    public DbSet<Tag> Tags => Set<Tag>();
    public DbSet<TagSynonym> TagSynonyms => Set<TagSynonym>();
    public DbSet<QuestionTag> QuestionTags => Set<QuestionTag>();
    public DbSet<Comment> Comments => Set<Comment>();
    public DbSet<Image> Images => Set<Image>();
    public DbSet<Draft> Drafts => Set<Draft>();
    public DbSet<PostRevision> PostRevisions => Set<PostRevision>();
    public DbSet<DeletedPost> DeletedPosts => Set<DeletedPost>();
    public DbSet<DeletedRow> DeletedRows => Set<DeletedRow>();
    public DbSet<Document> Documents => Set<Document>();
    public DbSet<DocumentFile> DocumentFiles => Set<DocumentFile>();
    public DbSet<DocumentFilePart> DocumentFileParts => Set<DocumentFilePart>();
    public DbSet<DocumentPage> DocumentPages => Set<DocumentPage>();
    public DbSet<Collection> Collections => Set<Collection>();
    public DbSet<Passage> Passages => Set<Passage>();
    public DbSet<PassageTotal> PassageTotals => Set<PassageTotal>();
    public DbSet<Chunk> Chunks => Set<Chunk>();
    public DbSet<EmbeddingModel> EmbeddingModels => Set<EmbeddingModel>();
    public DbSet<Conversation> Conversations => Set<Conversation>();
    public DbSet<Turn> Turns => Set<Turn>();
    public DbSet<TurnRating> TurnRatings => Set<TurnRating>();
    public DbSet<PromptPreset> PromptPresets => Set<PromptPreset>();
    public DbSet<Citation> Citations => Set<Citation>();
    public DbSet<Counter> Counters => Set<Counter>();
    public DbSet<DataProtectionKey> DataProtectionKeys => Set<DataProtectionKey>();

    /// <summary>The condition as EF Core writes it for <c>Contains</c>, so that SQLite uses the index.</summary>
    private const string RefersToImages = $"instr(Body, '{Image.AddressStart}') > 0";

    private const string OneVote = "Value in (1, -1)";

    /// <summary>Signals that something is waiting to be indexed; called after the commit that queued it.</summary>
    internal void WakeIndexer() => indexing?.Raise();

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder) =>
        configurationBuilder.Properties<DateTime>().HaveConversion<UtcConverter>();

    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        builder.Entity<User>(user =>
        {
            user.Property(u => u.UserName).HasMaxLength(User.UserNameMax);
            user.Property(u => u.NormalizedUserName).HasMaxLength(User.UserNameMax);
            user.Property(u => u.Email).HasMaxLength(User.EmailMax);
            user.Property(u => u.NormalizedEmail).HasMaxLength(User.EmailMax);
            user.HasIndex(u => u.NameSkeleton).IsUnique();
            // Identity writes whole rows, which would undo what a trigger counted since they were read.
            user.Property(u => u.Reputation).HasDefaultValue(0).Metadata.SetAfterSaveBehavior(PropertySaveBehavior.Ignore);
        });
        builder.Entity<Session>(session =>
        {
            session.Property(s => s.Device).HasMaxLength(Session.DeviceMax);
            session.HasOne(s => s.User).WithMany().HasForeignKey(s => s.UserId).OnDelete(DeleteBehavior.Cascade);
            session.HasIndex(s => s.KeyHash).IsUnique();
            session.HasIndex(s => new { s.UserId, s.SeenAt });
            session.HasIndex(s => s.SeenAt);
        });

        builder.Entity<Question>(question =>
        {
            question.Property(q => q.Title).HasMaxLength(Question.TitleMax);
            question.Property(q => q.VoteCount).HasDefaultValue(0);
            question.Property(q => q.AnswerCount).HasDefaultValue(0);
            question.HasOne(q => q.Author).WithMany().HasForeignKey(q => q.AuthorId).OnDelete(DeleteBehavior.Cascade);
            question.HasOne(q => q.AcceptedAnswer).WithMany().HasForeignKey(q => q.AcceptedAnswerId).OnDelete(DeleteBehavior.SetNull);
            question.HasOne(q => q.Category).WithMany().HasForeignKey(q => q.CategoryId).OnDelete(DeleteBehavior.Restrict);
            question.Property(q => q.ClosedNote).HasMaxLength(ModerationQueries.NoteMax);
            question.HasOne(q => q.ClosedBy).WithMany().HasForeignKey(q => q.ClosedById).OnDelete(DeleteBehavior.SetNull);
            question.HasOne<Question>().WithMany().HasForeignKey(q => q.OriginalId).OnDelete(DeleteBehavior.SetNull);
            question.HasIndex(q => q.PinnedAt).HasFilter("PinnedAt is not null");
            question.HasIndex(q => q.OriginalId).HasFilter("OriginalId is not null");
            question.HasIndex(q => q.ClosedById).HasFilter("ClosedById is not null");
            question.HasIndex(q => new { q.CategoryId, q.Id });
            // With the category, so that a list of some categories skips the others without reading their rows.
            question.HasIndex(q => new { q.Id, q.CategoryId });
            question.HasIndex(q => new { q.VoteCount, q.Id, q.CategoryId });
            question.HasIndex(q => new { q.AnswerCount, q.Id, q.CategoryId });
            question.HasIndex(q => new { q.AuthorId, q.Id });
            question.HasIndex(q => q.HtmlVersion);
            question.HasIndex(q => q.IndexedAt).HasFilter("IndexedAt is null");
            question.HasIndex(q => q.Id, "IX_Questions_WithImages").HasFilter(RefersToImages);
        });
        builder.Entity<QuestionVote>(vote =>
        {
            vote.ToTable(table => table.HasCheckConstraint("CK_QuestionVotes_Value", OneVote));
            vote.Property(v => v.Value).HasDefaultValue(1);
            vote.HasKey(v => new { v.QuestionId, v.UserId });
            vote.HasOne<Question>().WithMany(q => q.Votes).HasForeignKey(v => v.QuestionId).OnDelete(DeleteBehavior.Cascade);
            vote.HasOne<User>().WithMany().HasForeignKey(v => v.UserId).OnDelete(DeleteBehavior.Cascade);
        });

        builder.Entity<Answer>(answer =>
        {
            answer.Property(a => a.VoteCount).HasDefaultValue(0);
            answer.HasOne(a => a.Question).WithMany(q => q.Answers).HasForeignKey(a => a.QuestionId).OnDelete(DeleteBehavior.Cascade);
            answer.HasOne(a => a.Author).WithMany().HasForeignKey(a => a.AuthorId).OnDelete(DeleteBehavior.Cascade);
            answer.HasIndex(a => new { a.QuestionId, a.VoteCount, a.Id });
            answer.HasIndex(a => new { a.AuthorId, a.Id });
            answer.HasIndex(a => a.HtmlVersion);
            answer.HasIndex(a => a.IndexedAt).HasFilter("IndexedAt is null");
            answer.HasIndex(a => a.Id, "IX_Answers_WithImages").HasFilter(RefersToImages);
        });
        builder.Entity<AnswerVote>(vote =>
        {
            vote.ToTable(table => table.HasCheckConstraint("CK_AnswerVotes_Value", OneVote));
            vote.Property(v => v.Value).HasDefaultValue(1);
            vote.HasKey(v => new { v.AnswerId, v.UserId });
            vote.HasOne<Answer>().WithMany(a => a.Votes).HasForeignKey(v => v.AnswerId).OnDelete(DeleteBehavior.Cascade);
            vote.HasOne<User>().WithMany().HasForeignKey(v => v.UserId).OnDelete(DeleteBehavior.Cascade);
        });

        builder.Entity<Tag>(tag =>
        {
            tag.Property(t => t.Name).HasMaxLength(Tag.NameMax);
            tag.Property(t => t.Initials).HasMaxLength(Tag.NameMax);
            tag.Property(t => t.Description).HasMaxLength(Tag.DescriptionMax);
            tag.Property(t => t.QuestionCount).HasDefaultValue(0);
            tag.HasIndex(t => t.Name).IsUnique();
        });
        builder.Entity<TagSynonym>(synonym =>
        {
            synonym.HasKey(s => s.Name);
            synonym.Property(s => s.Name).HasMaxLength(Tag.NameMax);
            synonym.Property(s => s.Initials).HasMaxLength(Tag.NameMax);
            synonym.HasOne(s => s.Tag).WithMany().HasForeignKey(s => s.TagId).OnDelete(DeleteBehavior.Cascade);
        });
        builder.Entity<QuestionTag>(tag =>
        {
            tag.HasKey(t => new { t.QuestionId, t.TagId });
            tag.HasOne<Question>().WithMany(q => q.Tags).HasForeignKey(t => t.QuestionId).OnDelete(DeleteBehavior.Cascade);
            tag.HasOne(t => t.Tag).WithMany().HasForeignKey(t => t.TagId).OnDelete(DeleteBehavior.Cascade);
            tag.HasIndex(t => new { t.TagId, t.QuestionId });
        });

        builder.Entity<Comment>(comment =>
        {
            comment.ToTable(table => table.HasCheckConstraint("CK_Comments_OnePost", "(QuestionId is null) <> (AnswerId is null)"));
            comment.Property(c => c.Body).HasMaxLength(Comment.BodyMax);
            comment.HasOne(c => c.Question).WithMany().HasForeignKey(c => c.QuestionId).OnDelete(DeleteBehavior.Cascade);
            comment.HasOne(c => c.Answer).WithMany().HasForeignKey(c => c.AnswerId).OnDelete(DeleteBehavior.Cascade);
            comment.HasOne(c => c.Author).WithMany().HasForeignKey(c => c.AuthorId).OnDelete(DeleteBehavior.Cascade);
            comment.HasIndex(c => new { c.QuestionId, c.Id });
            comment.HasIndex(c => new { c.AnswerId, c.Id });
            comment.HasIndex(c => new { c.AuthorId, c.Id });
            comment.HasIndex(c => c.HtmlVersion);
            comment.HasIndex(c => c.IndexedAt).HasFilter("IndexedAt is null");
            comment.HasIndex(c => c.Id, "IX_Comments_WithImages").HasFilter(RefersToImages);
        });

        builder.Entity<Image>(image =>
        {
            image.HasKey(i => i.Name);
            image.Property(i => i.Name).HasMaxLength(Image.NameMax);
            image.HasOne(i => i.Owner).WithMany().HasForeignKey(i => i.OwnerId).OnDelete(DeleteBehavior.Cascade);
            image.HasIndex(i => new { i.OwnerId, i.CreatedAt });
            image.HasIndex(i => i.CreatedAt);
        });

        builder.Entity<Draft>(draft =>
        {
            draft.HasKey(d => new { d.MemberId, d.Target });
            draft.Property(d => d.Target).HasMaxLength(Draft.TargetMax);
            draft.Property(d => d.Title).HasMaxLength(Question.TitleMax);
            draft.Property(d => d.Body).HasMaxLength(Question.BodyMax);
            draft.Property(d => d.Tags).HasMaxLength(TagNames.TextMax);
            draft.HasOne(d => d.Member).WithMany().HasForeignKey(d => d.MemberId).OnDelete(DeleteBehavior.Cascade);
            draft.HasIndex(d => new { d.MemberId, d.Target }, "IX_Drafts_WithImages").HasFilter(RefersToImages);
        });

        builder.Entity<PostRevision>(revision =>
        {
            revision.ToTable(table => table.HasCheckConstraint("CK_PostRevisions_OnePost", "(QuestionId is null) <> (AnswerId is null)"));
            revision.Property(r => r.Title).HasMaxLength(Question.TitleMax);
            revision.Property(r => r.Tags).HasMaxLength(PostRevision.TagsMax);
            revision.HasOne<Question>().WithMany().HasForeignKey(r => r.QuestionId).OnDelete(DeleteBehavior.Cascade);
            revision.HasOne<Answer>().WithMany().HasForeignKey(r => r.AnswerId).OnDelete(DeleteBehavior.Cascade);
            revision.HasOne(r => r.Editor).WithMany().HasForeignKey(r => r.EditorId).OnDelete(DeleteBehavior.SetNull);
            revision.HasIndex(r => new { r.QuestionId, r.Number }).IsUnique();
            revision.HasIndex(r => new { r.AnswerId, r.Number }).IsUnique();
            revision.HasIndex(r => r.Id, "IX_PostRevisions_WithImages").HasFilter(RefersToImages);
        });

        builder.Entity<DeletedPost>(post =>
        {
            post.Property(d => d.Title).HasMaxLength(Question.TitleMax);
            post.Property(d => d.Beginning).HasMaxLength(RecentPosts.BeginningMax);
            post.Property(d => d.Tags).HasMaxLength(PostRevision.TagsMax);
            post.HasOne(d => d.Author).WithMany().HasForeignKey(d => d.AuthorId).OnDelete(DeleteBehavior.Cascade);
            post.HasOne(d => d.DeletedBy).WithMany().HasForeignKey(d => d.DeletedById).OnDelete(DeleteBehavior.SetNull);
            post.HasMany(d => d.Rows).WithOne().HasForeignKey(r => r.DeletedPostId).OnDelete(DeleteBehavior.Cascade);
            post.HasIndex(d => new { d.Kind, d.PostId }).IsUnique();
            post.HasIndex(d => d.DeletedAt);
        });
        builder.Entity<DeletedRow>(row =>
        {
            row.HasOne<User>().WithMany().HasForeignKey(r => r.OwnerId).OnDelete(DeleteBehavior.Cascade);
            row.HasIndex(r => r.Id, "IX_DeletedRows_WithImages").HasFilter($"instr(Json, '{Image.AddressStart}') > 0");
        });

        ModelCategories(builder);
        ModelFollows(builder);
        ModelDocuments(builder);

        builder.Entity<Passage>(passage =>
        {
            passage.HasOne<Question>().WithMany().HasForeignKey(p => p.QuestionId).OnDelete(DeleteBehavior.Cascade);
            passage.HasOne<Answer>().WithMany().HasForeignKey(p => p.AnswerId).OnDelete(DeleteBehavior.Cascade);
            passage.HasOne<Comment>().WithMany().HasForeignKey(p => p.CommentId).OnDelete(DeleteBehavior.Cascade);
            passage.HasOne<Document>().WithMany().HasForeignKey(p => p.DocumentId).OnDelete(DeleteBehavior.Cascade);
            passage.HasIndex(p => new { p.DocumentId, p.Ordinal });
            passage.HasMany(p => p.Chunks).WithOne().HasForeignKey(c => c.PassageId).OnDelete(DeleteBehavior.Cascade);
        });
        builder.Entity<PassageTotal>(total =>
        {
            total.HasKey(t => t.Audience);
            total.Property(t => t.Audience).ValueGeneratedNever();
        });
        builder.Entity<Chunk>(chunk =>
        {
            chunk.HasOne<EmbeddingModel>().WithMany().HasForeignKey(c => c.ModelId).OnDelete(DeleteBehavior.Cascade);
            chunk.HasIndex(c => new { c.PassageId, c.ModelId });
            chunk.HasIndex(c => c.ModelId);
        });
        builder.Entity<EmbeddingModel>(model =>
        {
            model.Property(m => m.Name).HasMaxLength(EmbeddingModel.NameMax);
            model.HasIndex(m => m.Fingerprint).IsUnique();
        });

        builder.Entity<Conversation>(conversation =>
        {
            conversation.Property(c => c.Title).HasMaxLength(Conversation.TitleMax);
            conversation.HasOne(c => c.User).WithMany().HasForeignKey(c => c.UserId).OnDelete(DeleteBehavior.Cascade);
            conversation.Property(c => c.ScopeName).HasMaxLength(Document.TitleMax);
            conversation.HasOne<Document>().WithMany().HasForeignKey(c => c.DocumentId).OnDelete(DeleteBehavior.SetNull);
            conversation.HasOne<Collection>().WithMany().HasForeignKey(c => c.CollectionId).OnDelete(DeleteBehavior.SetNull);
            conversation.HasOne<Question>().WithMany().HasForeignKey(c => c.QuestionId).OnDelete(DeleteBehavior.Cascade);
            conversation.Property(c => c.Verdict).HasDefaultValue(SuggestionVerdict.None);
            conversation.Property(c => c.Answerer).HasMaxLength(Conversation.AnswererMax).HasDefaultValue("");
            conversation.Property(c => c.AnswerLength).HasDefaultValue(AnswerLength.Normal);
            conversation.Property(c => c.IsPinned).HasDefaultValue(false);
            conversation.HasIndex(c => new { c.UserId, c.UpdatedAt });
            conversation.HasIndex(c => c.QuestionId).IsUnique();
            conversation.HasIndex(c => c.ShareKeyHash).IsUnique();
        });
        builder.Entity<Turn>(turn =>
        {
            turn.HasOne(t => t.Conversation).WithMany(c => c.Turns).HasForeignKey(t => t.ConversationId).OnDelete(DeleteBehavior.Cascade);
            // No foreign key: a conversation's turns are deleted together.
            turn.Property(t => t.AnswersAnyway).HasDefaultValue(false);
            turn.HasIndex(t => t.ParentId);
            turn.HasOne(t => t.Rating).WithOne().HasForeignKey<TurnRating>(r => r.TurnId).OnDelete(DeleteBehavior.Cascade);
            turn.HasMany(t => t.Citations).WithOne().HasForeignKey(c => c.TurnId).OnDelete(DeleteBehavior.Cascade);
            turn.Property(t => t.IsAnswerGone).HasDefaultValue(false);
            turn.Property(t => t.RepeatsEarlier).HasDefaultValue(false);
            turn.HasIndex(t => t.State).HasFilter("State < 2");
        });
        builder.Entity<TurnRating>(rating =>
        {
            rating.HasKey(r => r.TurnId);
            rating.Property(r => r.Reason).HasMaxLength(TurnRating.ReasonMax);
            rating.HasIndex(r => r.RatedAt);
        });
        builder.Entity<PromptPreset>(preset =>
        {
            preset.Property(p => p.Title).HasMaxLength(PromptPreset.TitleMax);
            preset.Property(p => p.Text).HasMaxLength(Turn.QuestionMax);
        });
        builder.Entity<Citation>(citation =>
        {
            citation.HasOne<Passage>().WithMany().HasForeignKey(c => c.PassageId).OnDelete(DeleteBehavior.SetNull);
            citation.Property(c => c.IsGone).HasDefaultValue(false);
            citation.Property(c => c.IsGround).HasDefaultValue(true).HasSentinel(true);
            citation.HasOne<Question>().WithMany().HasForeignKey(c => c.QuestionId).OnDelete(DeleteBehavior.SetNull);
            citation.HasOne<Answer>().WithMany().HasForeignKey(c => c.AnswerId).OnDelete(DeleteBehavior.SetNull);
            citation.HasOne<Comment>().WithMany().HasForeignKey(c => c.CommentId).OnDelete(DeleteBehavior.SetNull);
            citation.HasOne<Document>().WithMany().HasForeignKey(c => c.DocumentId).OnDelete(DeleteBehavior.SetNull);
            citation.HasIndex(c => new { c.TurnId, c.Number }).IsUnique();
        });

        builder.Entity<Counter>().HasKey(c => c.Name);
    }

    private static void ModelCategories(ModelBuilder builder)
    {
        builder.Entity<Category>(category =>
        {
            category.Property(c => c.Name).HasMaxLength(Category.NameMax);
            category.Property(c => c.Slug).HasMaxLength(Category.SlugMax);
            category.Property(c => c.Description).HasMaxLength(Category.DescriptionMax);
            category.Property(c => c.QuestionCount).HasDefaultValue(0);
            category.HasIndex(c => c.Name).IsUnique();
            category.HasIndex(c => c.Slug).IsUnique();
        });
        builder.Entity<MemberGroup>(group =>
        {
            group.Property(g => g.Name).HasMaxLength(MemberGroup.NameMax);
            group.HasIndex(g => g.Name).IsUnique();
            group.HasMany(g => g.Members).WithOne().HasForeignKey(m => m.GroupId).OnDelete(DeleteBehavior.Cascade);
        });
        builder.Entity<GroupMember>(member =>
        {
            member.HasKey(m => new { m.GroupId, m.UserId });
            member.HasOne(m => m.User).WithMany().HasForeignKey(m => m.UserId).OnDelete(DeleteBehavior.Cascade);
        });
    }

    private static void ModelFollows(ModelBuilder builder)
    {
        builder.Entity<QuestionFollow>(follow =>
        {
            follow.HasKey(f => new { f.QuestionId, f.UserId });
            follow.HasOne<Question>().WithMany().HasForeignKey(f => f.QuestionId).OnDelete(DeleteBehavior.Cascade);
            follow.HasOne<User>().WithMany().HasForeignKey(f => f.UserId).OnDelete(DeleteBehavior.Cascade);
        });
        builder.Entity<TagFollow>(follow =>
        {
            follow.HasKey(f => new { f.TagId, f.UserId });
            follow.HasOne<Tag>().WithMany().HasForeignKey(f => f.TagId).OnDelete(DeleteBehavior.Cascade);
            follow.HasOne<User>().WithMany().HasForeignKey(f => f.UserId).OnDelete(DeleteBehavior.Cascade);
        });
        builder.Entity<MemberFollow>(follow =>
        {
            follow.HasKey(f => new { f.MemberId, f.UserId });
            follow.HasOne(f => f.Member).WithMany().HasForeignKey(f => f.MemberId).OnDelete(DeleteBehavior.Cascade);
            follow.HasOne<User>().WithMany().HasForeignKey(f => f.UserId).OnDelete(DeleteBehavior.Cascade);
        });
        builder.Entity<Bookmark>(bookmark =>
        {
            bookmark.HasKey(b => new { b.UserId, b.QuestionId });
            bookmark.HasOne(b => b.Question).WithMany().HasForeignKey(b => b.QuestionId).OnDelete(DeleteBehavior.Cascade);
            bookmark.HasOne<User>().WithMany().HasForeignKey(b => b.UserId).OnDelete(DeleteBehavior.Cascade);
        });
        builder.Entity<Notification>(notification =>
        {
            notification.HasOne<User>().WithMany().HasForeignKey(n => n.UserId).OnDelete(DeleteBehavior.Cascade);
            notification.HasOne(n => n.Actor).WithMany().HasForeignKey(n => n.ActorId).OnDelete(DeleteBehavior.Cascade);
            notification.HasOne(n => n.Question).WithMany().HasForeignKey(n => n.QuestionId).OnDelete(DeleteBehavior.Cascade);
            notification.HasOne<Answer>().WithMany().HasForeignKey(n => n.AnswerId).OnDelete(DeleteBehavior.Cascade);
            notification.HasOne<Comment>().WithMany().HasForeignKey(n => n.CommentId).OnDelete(DeleteBehavior.Cascade);
            notification.HasIndex(n => new { n.UserId, n.Id });
            notification.HasIndex(n => n.UserId, "IX_Notifications_Unread").HasFilter("not IsRead");
        });
        builder.Entity<ModerationAct>(act =>
        {
            act.Property(a => a.Note).HasMaxLength(ModerationQueries.NoteMax);
            act.HasOne<Question>().WithMany().HasForeignKey(a => a.QuestionId).OnDelete(DeleteBehavior.Cascade);
            act.HasOne(a => a.Actor).WithMany().HasForeignKey(a => a.ActorId).OnDelete(DeleteBehavior.SetNull);
            act.HasIndex(a => new { a.QuestionId, a.Id });
        });
        builder.Entity<MergedQuestion>(merged =>
        {
            merged.Property(m => m.Id).ValueGeneratedNever();
            merged.HasOne<Question>().WithMany().HasForeignKey(m => m.IntoId).OnDelete(DeleteBehavior.Cascade);
        });
        builder.Entity<MailChoice>(choice =>
        {
            choice.HasKey(c => c.UserId);
            choice.Property(c => c.UserId).ValueGeneratedNever();
            choice.HasOne(c => c.User).WithMany().HasForeignKey(c => c.UserId).OnDelete(DeleteBehavior.Cascade);
        });
    }

    private static void ModelDocuments(ModelBuilder builder)
    {
        builder.Entity<DocumentFile>().HasIndex(f => f.Hash);
        builder.Entity<DocumentFilePart>(part =>
        {
            part.HasKey(p => new { p.FileId, p.Number });
            part.HasOne<DocumentFile>().WithMany().HasForeignKey(p => p.FileId).OnDelete(DeleteBehavior.Cascade);
        });
        builder.Entity<Collection>(collection =>
        {
            collection.Property(c => c.Name).HasMaxLength(Collection.NameMax);
            collection.HasOne(c => c.Owner).WithMany().HasForeignKey(c => c.OwnerId).OnDelete(DeleteBehavior.Cascade);
            collection.HasIndex(c => new { c.OwnerId, c.Name }).IsUnique();
            // Nulls are distinct in a unique index, so the command line's collections need an index of their own.
            collection.HasIndex(c => c.Name).IsUnique().HasFilter("OwnerId is null");
        });
        builder.Entity<Document>(document =>
        {
            document.Property(d => d.Path).HasMaxLength(Document.PathMax);
            document.Property(d => d.Title).HasMaxLength(Document.TitleMax);
            document.Property(d => d.GivenTitle).HasMaxLength(Document.TitleMax);
            document.Property(d => d.Format).HasMaxLength(Document.FormatMax);
            document.Property(d => d.Warnings).HasMaxLength(Document.WarningsMax);
            document.HasOne(d => d.Owner).WithMany().HasForeignKey(d => d.OwnerId).OnDelete(DeleteBehavior.Cascade);
            document.HasOne(d => d.Collection).WithMany().HasForeignKey(d => d.CollectionId).OnDelete(DeleteBehavior.SetNull);
            document.HasOne(d => d.File).WithMany().HasForeignKey(d => d.FileId).OnDelete(DeleteBehavior.Restrict);
            document.HasMany(d => d.Pages).WithOne().HasForeignKey(p => p.DocumentId).OnDelete(DeleteBehavior.Cascade);
            document.Property(d => d.SourcePath).HasMaxLength(Document.SourcePathMax);
            document.HasIndex(d => d.SourcePath).IsUnique().HasFilter("SourcePath is not null");
            // Documents of older versions are known by their path.
            document.HasIndex(d => d.Path).HasFilter("OwnerId is null");
            document.HasIndex(d => new { d.OwnerId, d.FileId }).IsUnique();
            // The queue, without failed documents.
            document.HasIndex(d => d.IndexedAt).HasFilter("IndexedAt is null and IndexError is null");
            // The same by owner, for taking owners in turn.
            document.HasIndex(d => new { d.OwnerId, d.Id }).HasFilter("IndexedAt is null and IndexError is null");
            document.Property(d => d.Chunks).HasDefaultValue(0);
        });
        builder.Entity<DocumentPage>(page =>
        {
            page.HasKey(p => new { p.DocumentId, p.Number });
            page.HasIndex(p => new { p.DocumentId, p.Start });
        });
    }

    /// <summary>Writes and reads times as UTC; without this SQLite returns them with an unspecified kind.</summary>
    private sealed class UtcConverter() : ValueConverter<DateTime, DateTime>(
        written => written.Kind == DateTimeKind.Local ? written.ToUniversalTime() : written,
        read => DateTime.SpecifyKind(read, DateTimeKind.Utc));
}
