package dev.gretchen.verifier.settings;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// A part of a YAML document that knows its line, which a tree of values alone does not.
sealed interface Node {

  /// The line that it begins on, from 1.
  int line();

  /// Half a sentence for whoever expected something else.
  String found();

  /// A text, number or truth value, as it stands there.
  record Scalar(int line, String text) implements Node {
    @Override
    public String found() {
      return "'" + text + "'";
    }
  }

  /// Values in order.
  record Sequence(int line, List<Node> items) implements Node {
    public Sequence {
      items = List.copyOf(items);
    }

    @Override
    public String found() {
      return "a list";
    }
  }

  /// Values by key, in the order of the document.
  record Mapping(int line, SequencedMap<String, Node> entries) implements Node {
    public Mapping {
      entries = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(entries));
    }

    @Override
    public String found() {
      return "a mapping";
    }
  }

  /// Reads a document.
  ///
  /// @throws SettingsException where it is no YAML, or a key stands there twice
  static Node parse(String file, String yaml) {
    try (JsonParser parser = YAMLMapper.builder().build().createParser(yaml)) {
      if (parser.nextToken() == null) {
        throw new SettingsException(file + ": expected a mapping of keys, found nothing");
      }
      return new Reader(file, parser).node();
    } catch (JacksonException e) {
      throw new SettingsException(
          file
              + ":"
              + Math.max(1, e.getLocation() == null ? 1 : e.getLocation().getLineNr())
              + ": expected YAML, found "
              + firstLine(e.getOriginalMessage()));
    }
  }

  private static String firstLine(String text) {
    return text.lines().findFirst().orElse("something else");
  }

  /// Reads what the parser stands before.
  record Reader(String file, JsonParser parser) {

    Node node() {
      int line = parser.currentTokenLocation().getLineNr();
      return switch (parser.currentToken()) {
        case START_OBJECT -> mapping(line);
        case START_ARRAY -> sequence(line);
        case VALUE_NULL -> new Scalar(line, "");
        default -> new Scalar(line, parser.getString());
      };
    }

    private Node sequence(int line) {
      List<Node> items = new ArrayList<>();
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        items.add(node());
      }
      return new Sequence(line, items);
    }

    private Node mapping(int line) {
      SequencedMap<String, Node> entries = new LinkedHashMap<>();
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String key = parser.currentName();
        int keyLine = parser.currentTokenLocation().getLineNr();
        parser.nextToken();
        if (entries.putIfAbsent(key, at(keyLine, node())) != null) {
          throw new SettingsException(
              "%s:%d: %s: expected each key once, found it twice".formatted(file, keyLine, key));
        }
      }
      return new Mapping(line, entries);
    }

    /// What belongs to a key is looked for where the key is.
    private static Node at(int line, Node node) {
      return switch (node) {
        case Scalar(_, String text) -> new Scalar(line, text);
        case Sequence(_, List<Node> items) -> new Sequence(line, items);
        case Mapping(_, SequencedMap<String, Node> entries) -> new Mapping(line, entries);
      };
    }
  }
}
