using System.Globalization;

namespace Backends.Conformance;

/// <summary>The values that an attribute is tried with, by its kind: each enum word, both truth values, dimensions from either end.</summary>
/// <remarks>
/// A choice is a function of the first tensor's shape: it gives the attribute's text, "" for the default, or null where the shape does not allow
/// it. An <c>i64</c> or <c>i64[]</c> whose name is <c>dim</c> or <c>dims</c> counts dimensions of the first tensor; that is the field's word for it.
/// </remarks>
internal static class AttributeAxis
{
    private const string Default = "";

    private static readonly string[] s_numbers = ["2.5", "-3", "70000", "true", "-0.75", "inf", "-inf", "nan", "9007199254740993", "1e30"];

    public static IReadOnlyList<Func<Shape, string?>> Of(Operator op, AttributeParameter attribute)
    {
        if (op.Schema.Shape is { Name: "given" } rule && rule.Arguments[0] == attribute.Name) return [s => CaseId.Write(s)];
        if (OperatorCases.Of(op).Choices(attribute) is { } own) return own;
        var choices = attribute.Kind switch
        {
            AttributeKind.Enum => attribute.Members.Select(Constant),
            AttributeKind.Bool => [Constant("false"), Constant("true")],
            AttributeKind.I64List when IsDimension(attribute) => [Constant(Default), s => Dim(s, 0), s => Dim(s, -1), s => Dim(s, s.Rank - 1), FirstAndLast, All],
            AttributeKind.I64 when IsDimension(attribute) => [s => Dim(s, -1), s => Dim(s, 0), s => Dim(s, s.Rank - 1), s => Dim(s, -s.Rank), s => Dim(s, s.Rank / 2)],
            AttributeKind.Scalar => s_numbers.Select(Constant),
            AttributeKind.F64 => new[] { Default, "0.5", "2" }.Select(Constant),
            AttributeKind.I64 => new[] { Default, "1", "2" }.Select(Constant),
            _ => [Constant(Default)],
        };
        return [.. choices];
    }

    public static bool IsDimension(AttributeParameter attribute) => attribute.Name is "dim" or "dims";

    public static Func<Shape, string?> Constant(string text) => _ => text;

    private static string? Dim(Shape shape, int dim) =>
        dim < shape.Rank && dim >= -shape.Rank ? dim.ToString(CultureInfo.InvariantCulture) : null;

    private static string? FirstAndLast(Shape shape) => shape.Rank >= 2 ? "0x-1" : null;

    private static string? All(Shape shape) => shape.Rank >= 2 ? CaseId.Write(Enumerable.Range(0, shape.Rank).Select(d => (long)d).ToArray()) : null;
}
