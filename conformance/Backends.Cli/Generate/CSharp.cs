using System.Reflection;

namespace Backends.Cli.Generate;

/// <summary>Writes a public member on one line, as C# declares it but name first, so that sorted lines stand by type.</summary>
internal static class CSharp
{
    private static readonly NullabilityInfoContext s_nullability = new();

    /// <summary>The line, or null for a member that another line stands for.</summary>
    public static string? Line(MemberInfo member) => member switch
    {
        MethodInfo { IsSpecialName: true } => null,
        MethodInfo m => $"{Owner(m)}.{m.Name}({Parameters(m)}) -> {TypeName(m.ReturnParameter)}",
        ConstructorInfo c => $"{Owner(c)}({Parameters(c)})",
        PropertyInfo p => $"{Owner(p)}.{p.Name} -> {TypeName(p.PropertyType)}",
        FieldInfo { IsLiteral: true } f => $"{Owner(f)}.{f.Name} = {f.GetRawConstantValue()}",
        FieldInfo { IsSpecialName: true } => null,
        FieldInfo f => $"{Owner(f)}.{f.Name} -> {TypeName(f.FieldType)}",
        _ => null,
    };

    private static string Owner(MemberInfo member) => $"{member.DeclaringType!.Namespace}.{TypeName(member.DeclaringType)}";

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(p =>
        $"{(p.IsIn ? "in " : p.IsOut ? "out " : "")}{TypeName(p)} {p.Name}{(p.HasDefaultValue ? $" = {Default(p)}" : "")}"));

    private static string Default(ParameterInfo parameter) => parameter.DefaultValue switch
    {
        null => parameter.ParameterType.IsValueType && Nullable.GetUnderlyingType(parameter.ParameterType) is null ? "default" : "null",
        bool b => b ? "true" : "false",
        var value when parameter.ParameterType.IsEnum => Enum.ToObject(parameter.ParameterType, value).ToString()!,
        var value => value.ToString()!,
    };

    private static string TypeName(ParameterInfo parameter)
    {
        bool canBeNull = !parameter.ParameterType.IsValueType && !parameter.ParameterType.IsPointer && !parameter.ParameterType.IsGenericParameter
            && s_nullability.Create(parameter).ReadState == NullabilityState.Nullable;
        return TypeName(parameter.ParameterType) + (canBeNull ? "?" : "");
    }

    private static string TypeName(Type type)
    {
        if (type.IsPointer) return TypeName(type.GetElementType()!) + "*";
        if (type.IsByRef) return TypeName(type.GetElementType()!);
        if (type.IsArray) return TypeName(type.GetElementType()!) + "[]";
        if (Nullable.GetUnderlyingType(type) is { } inner) return TypeName(inner) + "?";
        if (type.IsGenericType) return $"{type.Name[..type.Name.IndexOf('`')]}<{string.Join(", ", type.GetGenericArguments().Select(TypeName))}>";
        return Type.GetTypeCode(type.IsEnum ? typeof(object) : type) switch
        {
            TypeCode.Boolean => "bool",
            TypeCode.Int32 => "int",
            TypeCode.Int64 => "long",
            TypeCode.UInt32 => "uint",
            TypeCode.UInt64 => "ulong",
            TypeCode.Single => "float",
            TypeCode.Double => "double",
            _ => type == typeof(void) ? "void" : type.Name,
        };
    }
}
