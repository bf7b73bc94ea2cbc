using System.CommandLine;
using System.CommandLine.Invocation;
using Backends.Cli.Verbs;

// The tool `backends`: a file a verb under Verbs/, put together here.
var root = new RootCommand("Backends: what a device computes, and whether it is right.")
{
    ConformVerb.Create(),
    DevicesVerb.Create(),
    ExplainVerb.Create(),
    GenerateVerb.Create(),
    IncludeVerb.Create(),
    ManifestVerb.Create(),
    OpsVerb.Create(),
    TrustVerb.Create(),
    WorkerVerb.Create(),
};
var parsed = root.Parse(args);
// Where a document was asked for, standard output has that and nothing else: no help after a wrong word.
if (args.Contains("--json") && parsed.Action is ParseErrorAction wrong) wrong.ShowHelp = false;
return await parsed.InvokeAsync();
