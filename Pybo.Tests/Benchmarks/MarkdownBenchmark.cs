using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Pybo.Data;
using Pybo.Pages;
using Pybo.Rag.Documents;
using Pybo.Rag.Documents.MarkdownParsing;
using Spectre.Console;

namespace Pybo.Benchmarks;

/// <summary>The most processor time that rendering a post can take, searched for among generated nests of every construct of Markdown.</summary>
/// <remarks>
/// Measures the process's own processor time, so that other work on the machine does not count; bad results are measured again, and the least counts. The goal:
/// no post of 30,000 characters takes more than 50 ms.
/// </remarks>
internal static class MarkdownBenchmark
{
    private const int GoalMilliseconds = 50;
    private const int ShownMax = 12;
    private const int Repeats = 5;
    private const int WarmUps = 300;
    private const int TriesPerClimb = 60;

    public static Command Command()
    {
        var seconds = new Option<int>("--seconds") { Description = "How long to look; 0 for every pair of pieces once.", DefaultValueFactory = _ => 120 };
        var seed = new Option<int>("--seed") { Description = "Of the random texts.", DefaultValueFactory = _ => 1 };
        var characters = new Option<int>("--characters") { Description = "Of each text.", DefaultValueFactory = _ => Question.BodyMax };
        var documents = new Option<bool>("--documents") { Description = "Reads the texts as documents instead of rendering them." };
        var json = new Option<bool>("--json") { Description = "Prints JSON only." };
        var command = new Command("markdown", "The worst processor time of rendering a post.") { seconds, seed, characters, documents, json };
        command.SetAction(parsed =>
        {
            var search = new Search(parsed.GetValue(characters), parsed.GetValue(documents));
            search.Run(TimeSpan.FromSeconds(parsed.GetValue(seconds)), parsed.GetValue(seed));
            Print(search, parsed.GetValue(json));
        });
        return command;
    }

    private static void Print(Search search, bool asJson)
    {
        var worst = search.Worst.OrderByDescending(f => f.Milliseconds).Take(ShownMax).ToList();
        if (asJson)
        {
            Console.WriteLine(JsonSerializer.Serialize(new { search.Texts, search.Refused, GoalMilliseconds, Worst = worst.Select(f => new { f.Text.Kind, f.Milliseconds, f.Steps, f.Html, f.IsRefused }) }));
            return;
        }

        var table = new Table().Title(Machine.Current.ToString()).AddColumns("ms", "steps", "HTML", "refused", "text");
        foreach (var found in worst)
        {
            table.AddRow(
                found.Milliseconds.ToString("0.0", CultureInfo.InvariantCulture), found.Steps.ToString("N0", CultureInfo.InvariantCulture),
                found.Html.ToString("N0", CultureInfo.InvariantCulture), found.IsRefused ? "yes" : "", Markup.Escape(Cut(found.Text.Kind)));
        }

        AnsiConsole.Write(table);
        AnsiConsole.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{search.Texts:N0} texts of {search.Characters:N0} characters, {search.Refused:N0} of them shown as they were written; the worst took {worst[0].Milliseconds:0.0} ms of processor time (goal: {GoalMilliseconds})."));
    }

    private static string Cut(string text) => text.Length > 110 ? text[..110] + "…" : text;

    /// <param name="Text">The rendered text.</param>
    /// <param name="Milliseconds">Processor time.</param>
    /// <param name="Steps">The parser's steps.</param>
    /// <param name="Html">The length of the HTML in characters.</param>
    /// <param name="IsRefused">The text was returned as it was written.</param>
    private sealed record Found(HostileText Text, double Milliseconds, long Steps, int Html, bool IsRefused);

    private sealed class Search(int characters, bool asDocuments)
    {
        private double kept;

        public int Characters => characters;
        public List<Found> Worst { get; } = [];
        public int Texts { get; private set; }
        public int Refused { get; private set; }

        public void Run(TimeSpan time, int seed)
        {
            for (var warmUp = 0; warmUp < WarmUps; warmUp++)
            {
                Render(HostileMarkdown.Pair(warmUp, characters));
            }

            var start = Stopwatch.GetTimestamp();
            foreach (var text in HostileMarkdown.Known(characters))
            {
                Look(text);
            }

            var random = new Random(seed);
            var pairs = Enumerable.Range(0, HostileMarkdown.PairsCount).ToArray();
            random.Shuffle(pairs);
            foreach (var pair in pairs.TakeWhile(_ => time == TimeSpan.Zero || Stopwatch.GetElapsedTime(start) < time / 2))
            {
                Look(HostileMarkdown.Pair(pair, characters));
            }

            while (Stopwatch.GetElapsedTime(start) < time)
            {
                HostileMarkdown.Climb(random, characters, Look, TriesPerClimb);
            }
        }

        /// <summary>Measures a text, and again if it is among the worst.</summary>
        private double Look(HostileText text)
        {
            var found = Render(text);
            Texts++;
            Refused += found.IsRefused ? 1 : 0;
            if (found.Milliseconds > kept)
            {
                for (var repeat = 1; repeat < Repeats && found.Milliseconds > kept; repeat++)
                {
                    var again = Render(text);
                    found = again.Milliseconds < found.Milliseconds ? again : found;
                }

                if (found.Milliseconds > kept)
                {
                    Worst.Add(found);
                    Worst.Sort((a, b) => b.Milliseconds.CompareTo(a.Milliseconds));
                    Worst.RemoveRange(Math.Min(Worst.Count, ShownMax), Math.Max(0, Worst.Count - ShownMax));
                    kept = Worst.Count < ShownMax ? 0 : Worst[^1].Milliseconds;
                }
            }

            return found.Milliseconds;
        }

        private Found Render(HostileText text)
        {
            var steps = new MarkdownSteps(text.Text.Length);
            var (length, isRefused) = (0, false);
            var before = Environment.CpuUsage.TotalTime;
            if (asDocuments)
            {
                try
                {
                    length = MarkdownReader.Read(text.Text, "글").Text.Length;
                }
                catch (DocumentUnreadableException)
                {
                    isRefused = true;
                }
            }
            else
            {
                var html = MarkdownRenderer.ToHtml(text.Text, 2, ownLinksOnly: false, steps);
                (length, isRefused) = (html.Length, html.StartsWith("<p class=\"markdown-reason\"", StringComparison.Ordinal));
            }

            return new(text, (Environment.CpuUsage.TotalTime - before).TotalMilliseconds, steps.Taken, length, isRefused);
        }
    }
}
