using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace DiscreteGradients.Cli.Tests.Fuzzing;

/// <summary>Values that nobody means, and valid input with something wrong in it.</summary>
internal static class OddInput
{
    private static readonly string[] Numbers =
    [
        "0", "1", "2", "3", "5", "-1", "-0", "0.5", "1e-3", "1e300", "-1e300", "1e-300", "1e999", "NaN", "Infinity", "0,5", "1,000", "1,,2", "2,3,4", "0.5,0.3,0.2",
        "16", "17", "100", "65536", "2147483647", "-2147483648", "2147483648", "9223372036854775807", "18446744073709551615", "99999999999999999999", "0x10", "١", "1 000",
    ];

    private static readonly string[] Texts =
    [
        "", " ", "x", "null", "true", "-", "--", "--help", "-h", "@file", "=", ":", ",", ".", "..", "none", "file", "pipe", "folder", "file/below", "st", "gs", "st-gs", "gr", "gr-mc:2", "gr-mc:0",
        "gr-mc:1000000", "gr-mc:99999999999", "gr-mc:-1", "gr-qmc:4", "gr-qmc:3", "reinforce", "REINFORCE", "exact", "deep", "best", "valid", "csv", "vae", "listops", "slurm", "a\nb", "a\tb",
        "\u001b[31m", "é\u00a0ü", "<script>", "|", "%s%n", "*", "~", "$HOME", "[MAX 1 ]", "[MAX", "]", "5", "( ( 1 2 ) )", new('x', 300), new('(', 3000), "5000,15000:0.5", "1:0.5", ":",
    ];

    public static T Of<T>(Random random, IReadOnlyList<T> choices) => choices[random.Next(choices.Count)];

    public static string Word(Random random) => random.Next(2) == 0 ? Of(random, Numbers) : Of(random, Texts);

    /// <summary>A JSON value; a number that JSON cannot hold comes as text.</summary>
    public static JsonNode? Value(Random random, int depth = 0) => random.Next(depth > 3 ? 5 : 8) switch
    {
        0 => null,
        1 => random.Next(2) == 0,
        2 => Of(random, Texts),
        3 => double.TryParse(Of(random, Numbers), CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : "NaN",
        4 => long.TryParse(Of(random, Numbers), CultureInfo.InvariantCulture, out var whole) ? whole : 7,
        5 => new JsonArray([.. Enumerable.Range(0, random.Next(4)).Select(_ => Value(random, depth + 1))]),
        6 => new JsonObject(Enumerable.Range(0, random.Next(3)).Select(i => KeyValuePair.Create($"key-{i}", Value(random, depth + 1)))),
        _ => Nested(random.Next(1, 100)),
    };

    /// <summary>Changes one place of a document, or two.</summary>
    public static JsonNode? Changed(Random random, JsonNode? document)
    {
        var root = new JsonObject { ["root"] = document?.DeepClone() };
        for (var changes = random.Next(1, 3); changes > 0; changes--)
        {
            var place = Of(random, Places(root).ToList());
            if (place is JsonObject keys && (keys != root || keys.Count > 0))
            {
                var key = keys.Count == 0 || (random.Next(6) == 0 && keys != root) ? Word(random) : Of(random, keys.Select(pair => pair.Key).ToList());
                if (keys != root && random.Next(5) == 0) keys.Remove(key);
                else keys[key] = random.Next(4) == 0 && keys != root ? Of(random, Places(root).ToList()).DeepClone() : Value(random);
            }
            else if (place is JsonArray items)
            {
                if (items.Count > 0 && random.Next(2) == 0) items[random.Next(items.Count)] = Value(random);
                else items.Insert(random.Next(items.Count + 1), Value(random));
            }
        }
        return root["root"]?.DeepClone();
    }

    /// <summary>Cuts, turns bits over, takes out, doubles, puts in and replaces.</summary>
    public static byte[] Changed(Random random, byte[] content)
    {
        var bytes = new List<byte>(content);
        for (var changes = random.Next(1, 4); changes > 0; changes--)
        {
            var (at, length) = (random.Next(bytes.Count + 1), random.Next(1, 20));
            length = Math.Min(length, bytes.Count - at);
            switch (random.Next(9))
            {
                case 0:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
                case 1 when length > 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 2:
                    bytes.RemoveRange(at, length);
                    break;
                case 3:
                    bytes.InsertRange(at, bytes.GetRange(at, length));
                    break;
                case 4:
                    bytes.InsertRange(at, Encoding.UTF8.GetBytes(Word(random)));
                    break;
                case 5:
                    var junk = new byte[random.Next(1, 64)];
                    random.NextBytes(junk);
                    bytes.InsertRange(at, junk);
                    break;
                case 6:
                    bytes.InsertRange(at, Enumerable.Repeat((byte)Of(random, "[{\"\n\0 1".ToCharArray()), Of(random, [1, 30, 100_000])));
                    break;
                case 7:
                    bytes.InsertRange(at, [(byte)'\n']);
                    break;
                default:
                    bytes = [.. Encoding.UTF8.GetBytes(random.Next(2) == 0 ? Word(random) : $"{Value(random)?.ToJsonString() ?? "null"}\n")];
                    break;
            }
        }
        return [.. bytes];
    }

    /// <summary>Changes words of a command line: values, options, their order and number.</summary>
    public static List<string> Changed(Random random, IReadOnlyList<string> words, IReadOnlyList<string> options)
    {
        var line = new List<string>(words);
        for (var changes = random.Next(1, 3); changes > 0 && line.Count > 0; changes--)
        {
            var at = random.Next(line.Count);
            var option = options.Count == 0 ? "--x" : Of(random, options);
            switch (random.Next(8))
            {
                case 0:
                    line.RemoveAt(at);
                    break;
                case 1:
                    line.Insert(at, line[at]);
                    break;
                case 2:
                    var other = random.Next(line.Count);
                    (line[at], line[other]) = (line[other], line[at]);
                    break;
                case 3:
                    line[at] = Encoding.UTF8.GetString(Changed(random, Encoding.UTF8.GetBytes(line[at]))).Replace("\0", "", StringComparison.Ordinal);
                    break;
                case 4:
                    line.AddRange([option, Word(random)]);
                    break;
                case 5:
                    line.Add($"{option}={Word(random)}");
                    break;
                case 6 when line.FindIndex(word => word.StartsWith("--", StringComparison.Ordinal)) is >= 0 and var first:
                    at = Math.Min(random.Next(first, line.Count) + 1, line.Count - 1);
                    line[at] = Word(random);
                    break;
                default:
                    line[at] = Word(random);
                    break;
            }
        }
        return line;
    }

    private static JsonNode Nested(int depth)
    {
        JsonNode node = 1;
        for (; depth > 0; depth--) node = depth % 2 == 0 ? new JsonArray(node) : new JsonObject { ["a"] = node };
        return node;
    }

    private static IEnumerable<JsonNode> Places(JsonNode? node) => node switch
    {
        JsonObject keys => keys.SelectMany(pair => Places(pair.Value)).Prepend(keys),
        JsonArray items => items.SelectMany(Places).Prepend(items),
        _ => [],
    };
}
