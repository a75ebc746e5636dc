package dev.gretchen.verifier.report;

import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// Writes OpenMetrics 1.0 text: families one after the other, each with type and help, label values
/// on one line and escaped, samples of equal name and labels once.
public final class MetricText {

  private final StringBuilder out = new StringBuilder();
  private final Set<String> families = new LinkedHashSet<>();
  private final Set<String> series = new LinkedHashSet<>();

  /// Begins a family; every sample up to the next one belongs to it.
  public MetricText family(String name, String type, String help) {
    if (!families.add(name)) {
      throw new IllegalArgumentException("metric family " + name + " begins twice");
    }
    out.append("# TYPE ").append(name).append(' ').append(type).append('\n');
    if (name.endsWith("_seconds")) {
      out.append("# UNIT ").append(name).append(" seconds\n");
    }
    out.append("# HELP ").append(name).append(' ').append(escaped(help)).append('\n');
    return this;
  }

  /// A sample of the family.
  public MetricText sample(String name, Map<String, String> labels, long value) {
    return sample(name, labels, Long.toString(value));
  }

  /// A sample in seconds, of milliseconds.
  public MetricText seconds(String name, Map<String, String> labels, long millis) {
    return sample(name, labels, String.format(Locale.ROOT, "%.3f", millis / 1e3));
  }

  /// A sample that is a share.
  public MetricText ratio(String name, Map<String, String> labels, double value) {
    return sample(name, labels, String.format(Locale.ROOT, "%.5f", value));
  }

  private MetricText sample(String name, Map<String, String> labels, String value) {
    StringBuilder key = new StringBuilder(name).append('{');
    String comma = "";
    for (Map.Entry<String, String> label : labels.entrySet()) {
      key.append(comma).append(label.getKey()).append("=\"");
      key.append(escaped(label.getValue())).append('"');
      comma = ",";
    }
    key.append('}');
    if (series.add(key.toString())) {
      out.append(key).append(' ').append(value).append('\n');
    }
    return this;
  }

  /// The exposition with its end marker.
  public String text() {
    return out + "# EOF\n";
  }

  private static String escaped(String value) {
    return PlainText.line(value).replace("\\", "\\\\").replace("\"", "\\\"");
  }
}
