using System.CommandLine;
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
return await root.Parse(args).InvokeAsync();
