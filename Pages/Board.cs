using Pybo.Data;
using Pybo.Pages.Chat;
using Pybo.Pages.Images;
using Pybo.Pages.Mail;
using Pybo.Pages.Questions;
using Pybo.Rag.Outgoing;

namespace Pybo.Pages;

/// <summary>Registers the board's services.</summary>
internal static class Board
{
    public static IServiceCollection AddBoard(this IServiceCollection services) => services
        .AddSingleton(TimeProvider.System)
        .AddSingleton<QuestionMarks>()
        .AddSingleton<MarkdownRenderer>()
        .AddSingleton<AnswerHtml>()
        .AddSingleton<PostHtml>()
        .AddHostedService(provider => provider.GetRequiredService<PostHtml>())
        .AddSingleton<ImageIntake>()
        .AddSingleton<UnusedImagesWorker>()
        .AddHostedService(provider => provider.GetRequiredService<UnusedImagesWorker>())
        .AddSingleton<OutgoingMail>()
        .AddSingleton<Mailer>()
        .AddSingleton<MailTokens>()
        .AddSingleton<MailWorker>()
        .AddHostedService(provider => provider.GetRequiredService<MailWorker>())
        .AddSingleton<SimilarQuestions>()
        .AddSingleton<QuestionViews>()
        .AddHostedService(provider => provider.GetRequiredService<QuestionViews>());
}
