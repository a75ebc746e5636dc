package dev.gretchen.verifier.settings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// A mapping of settings, asked key by key.
///
/// Every question names what is allowed, so that a wrong answer becomes one sentence: `gate.yaml:7:
/// safety.unknown: expected refuse or retried, found 'maybe'`.
public final class Settings {

  private static final Pattern COUNT = Pattern.compile("[0-9][0-9_]{0,17}");
  private static final Pattern SHARE = Pattern.compile("\\+?([0-9]{1,6}(?:\\.[0-9]{1,4})?) ?%");
  private static final double PERCENT = 100;

  private final String file;
  private final String path;
  private final Node.Mapping mapping;

  private Settings(String file, String path, Node.Mapping mapping) {
    this.file = file;
    this.path = path;
    this.mapping = mapping;
  }

  /// Reads a file.
  ///
  /// @throws SettingsException where there is none, or no mapping in it
  public static Settings read(Path file) {
    try {
      return parse(file.toString(), Files.readString(file));
    } catch (NoSuchFileException _) {
      throw new SettingsException(file + ": expected a YAML file, found no such file");
    } catch (IOException e) {
      throw new SettingsException(file + ": cannot be read: " + e.getMessage());
    }
  }

  /// Reads a document.
  ///
  /// @param file how mistakes name it
  public static Settings parse(String file, String yaml) {
    Node root = Node.parse(file, yaml);
    if (root instanceof Node.Mapping mapping) {
      return new Settings(file, "", mapping);
    }
    throw new SettingsException(
        "%s:%d: expected a mapping of keys, found %s".formatted(file, root.line(), root.found()));
  }

  /// Demands that no other key is there.
  public Settings only(String... keys) {
    for (String key : mapping.entries().keySet()) {
      if (!List.of(keys).contains(key)) {
        throw mistake(key, "one of the keys " + String.join(", ", keys), "this one");
      }
    }
    return this;
  }

  public boolean has(String key) {
    return mapping.entries().containsKey(key);
  }

  /// The keys, in the order of the document.
  public List<String> keys() {
    return List.copyOf(mapping.entries().keySet());
  }

  // values

  /// A text that is not empty.
  public String text(String key) {
    if (node(key, "a text") instanceof Node.Scalar(int _, String text) && !text.isBlank()) {
      return text;
    }
    throw mistake(key, "a text");
  }

  /// A text or a list of texts.
  public List<String> texts(String key) {
    if (node(key, "a list of texts") instanceof Node.Sequence(int _, List<Node> items)) {
      List<String> texts = new ArrayList<>();
      for (Node item : items) {
        if (!(item instanceof Node.Scalar(int _, String text))) {
          throw mistake(key, "a list of texts", item.found() + " in it");
        }
        texts.add(text);
      }
      return texts;
    }
    return List.of(text(key));
  }

  /// One of some words.
  public <E> E word(String key, List<E> all, Function<E, String> word) {
    return meant(key, text(key), all, word);
  }

  /// Some of some words.
  public <E> List<E> words(String key, List<E> all, Function<E, String> word) {
    return texts(key).stream().map(text -> meant(key, text, all, word)).toList();
  }

  private <E> E meant(String key, String text, List<E> all, Function<E, String> word) {
    return all.stream()
        .filter(each -> word.apply(each).equals(text))
        .findFirst()
        .orElseThrow(() ->
            mistake(
                key, all.stream().map(word).collect(Collectors.joining(" or ")), "'" + text + "'"));
  }

  /// A whole number; `1_000_000` is one, too.
  public long count(String key, long least, long most) {
    String expected = String.format(Locale.ROOT, "a number from %,d to %,d", least, most);
    String text = scalar(key, expected);
    if (COUNT.matcher(text).matches()) {
      long number = Long.parseLong(text.replace("_", ""));
      if (number >= least && number <= most) {
        return number;
      }
    }
    throw mistake(key, expected);
  }

  /// Percents as a share: `25%` is 0.25.
  public double share(String key, double most) {
    String expected =
        String.format(Locale.ROOT, "percents up to %.0f%%, such as 25%%", most * PERCENT);
    Matcher form = SHARE.matcher(scalar(key, expected));
    if (form.matches() && Double.parseDouble(form.group(1)) / PERCENT <= most) {
      return Double.parseDouble(form.group(1)) / PERCENT;
    }
    throw mistake(key, expected);
  }

  /// A length of time: a number and one of ms, s, m, h.
  public Duration duration(String key) {
    return duration(key, scalar(key, "a length of time"));
  }

  /// Lengths of time, one or several.
  public List<Duration> durations(String key) {
    return texts(key).stream().map(text -> duration(key, text)).toList();
  }

  private Duration duration(String key, String text) {
    return Lengths.parse(text)
        .orElseThrow(
            () -> mistake(key, "a length of time such as 500ms, 90s, 5m or 8h", "'" + text + "'"));
  }

  /// A day, such as `2027-01-31`.
  public LocalDate date(String key) {
    String expected = "a day such as 2027-01-31";
    try {
      return LocalDate.parse(scalar(key, expected));
    } catch (DateTimeParseException _) {
      throw mistake(key, expected);
    }
  }

  private String scalar(String key, String expected) {
    if (node(key, expected) instanceof Node.Scalar(int _, String text)) {
      return text;
    }
    throw mistake(key, expected);
  }

  // parts

  /// A mapping below this one; an empty one where the key is not there.
  public Settings part(String key) {
    return switch (mapping.entries().get(key)) {
      case null -> new Settings(file, path + key + ".", nothing());
      case Node.Mapping below -> new Settings(file, path + key + ".", below);
      case Node.Scalar(int line, String text) when text.isEmpty() ->
          new Settings(file, path + key + ".", new Node.Mapping(line, nothing().entries()));
      case Node.Scalar _, Node.Sequence _ -> throw mistake(key, "a mapping of keys");
    };
  }

  /// All mappings below this one, by key.
  public SequencedMap<String, Settings> parts() {
    SequencedMap<String, Settings> parts = new LinkedHashMap<>();
    keys().forEach(key -> parts.put(key, part(key)));
    return parts;
  }

  /// A list of mappings below this one; none where the key is not there.
  public List<Settings> list(String key) {
    if (!has(key)) {
      return List.of();
    }
    if (!(node(key, "a list") instanceof Node.Sequence(int _, List<Node> items))) {
      throw mistake(key, "a list of mappings");
    }
    List<Settings> parts = new ArrayList<>();
    for (Node item : items) {
      if (!(item instanceof Node.Mapping below)) {
        throw mistake(key, "a list of mappings", item.found() + " in it");
      }
      parts.add(new Settings(file, path + key + "[" + parts.size() + "].", below));
    }
    return parts;
  }

  private Node.Mapping nothing() {
    return new Node.Mapping(mapping.line(), new LinkedHashMap<>());
  }

  private Node node(String key, String expected) {
    Node node = mapping.entries().get(key);
    if (node == null) {
      throw mistake(key, expected, "nothing");
    }
    return node;
  }

  // mistakes

  /// That a key says something that is not allowed.
  ///
  /// @param expected what is allowed, half a sentence
  public SettingsException mistake(String key, String expected) {
    Node node = mapping.entries().get(key);
    return mistake(key, expected, node == null ? "nothing" : node.found());
  }

  /// The same, with other words for what is there.
  public SettingsException mistake(String key, String expected, String found) {
    Node node = mapping.entries().get(key);
    return new SettingsException(
        "%s:%d: %s: expected %s, found %s"
            .formatted(file, (node == null ? mapping : node).line(), path + key, expected, found));
  }
}
