using System.CommandLine;

// The tool `backends`: a file a verb under Verbs/, put together here.
var root = new RootCommand("Backends: what a device computes, and whether it is right.");
return await root.Parse(args).InvokeAsync();
