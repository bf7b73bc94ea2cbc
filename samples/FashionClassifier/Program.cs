// Learns to tell ten kinds of clothing apart, on whatever device the configuration names: appsettings.json, BACKENDS__DEVICE, --device.
// Its own settings stand in section "Training": --Training:Epochs 3, --data FOLDER.
using Backends;
using Backends.Hosting;
using FashionClassifier;
using Microsoft.Extensions.Configuration;

var configuration = new ConfigurationBuilder()
    .AddJsonFile(Path.Combine(AppContext.BaseDirectory, "appsettings.json"))
    .AddEnvironmentVariables()
    .AddCommandLine(args, new Dictionary<string, string> { ["--data"] = "Training:Data", ["--epochs"] = "Training:Epochs", ["--seed"] = "Training:Seed" })
    .AddBackendsArguments(args)
    .Build();
var settings = configuration.GetSection("Training").Get<Training>() ?? new Training();

try
{
    var train = Dataset.Read(settings.Data, "train");
    var test = Dataset.Read(settings.Data, "t10k");
    using var host = BackendHost.Load(configuration, null);
    var device = host.Device;
    Console.WriteLine($"{device.Name} ({device.Info.Name})  {train.Count:N0} pictures to learn from, {test.Count:N0} to be asked about");

    using var network = new Network(device, settings.Hidden, settings.Seed);
    Lessons.Learn(network, device, train, test, settings);

    var answers = Lessons.Answers(network, device, test);
    Console.WriteLine();
    Report.Classes(test.Labels, answers);
    Report.Calls(device);
    Console.WriteLine($"accuracy {Report.Accuracy(test.Labels, answers):0.0000}");
    return 0;
}
catch (Exception e) when (e is InvalidDataException or BackendException or Microsoft.Extensions.Options.OptionsValidationException)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}
