using System.Globalization;
using System.Text;

namespace DiscreteGradients;

/// <summary>Writes records as text whose numbers are the same in every culture.</summary>
internal static class InvariantText
{
    /// <summary>Writes the name of a record and its members.</summary>
    /// <param name="name">The record's name.</param>
    /// <param name="printMembers">The record's PrintMembers, which asks the current culture.</param>
    public static string Of(string name, Func<StringBuilder, bool> printMembers)
    {
        var culture = CultureInfo.CurrentCulture;
        var text = new StringBuilder(name).Append(" { ");
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        try
        {
            printMembers(text);
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }

        return text.Append(" }").ToString();
    }
}
