package dev.gretchen.verifier.contract;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// Walks a descriptor's YAML key by key, so that each mistake can be told in one sentence.
final class DescriptorReader {

  private static final YAMLMapper YAML = YAMLMapper.builder().build();

  /// Over how many topics page views are spread.
  private static final int VIEW_TOPICS = 3;

  private static final List<String> KEYS_OF_VIEWS = List.of("page", "user");
  private static final List<String> ENDPOINTS =
      List.of("readyz", "livez", "metrics", "verify", "failpoints");

  private final String file;

  private DescriptorReader(String file) {
    this.file = file;
  }

  static AppDescriptor read(Path file) {
    try {
      return parse(file.toString(), Files.readString(file));
    } catch (NoSuchFileException _) {
      throw new DescriptorException(file + ": expected an app descriptor, found no such file");
    } catch (IOException e) {
      throw new DescriptorException(file + ": cannot be read: " + e.getMessage());
    }
  }

  static AppDescriptor parse(String file, String yaml) {
    DescriptorReader reader = new DescriptorReader(file);
    JsonNode root;
    try {
      root = YAML.readTree(yaml);
    } catch (JacksonException e) {
      throw new DescriptorException(file + ": expected YAML, found " + e.getOriginalMessage());
    }
    if (!root.isObject()) {
      throw new DescriptorException(file + ": expected a mapping of keys, found none");
    }
    return reader.descriptor(root);
  }

  private AppDescriptor descriptor(JsonNode root) {
    onlyKeys(
        root,
        "",
        "schema name guarantee worker event-id-header lineage-header audit-topic group input"
            + " streams tables load rate more-inputs dead-letters services");
    String schema = text(root, "", "schema");
    if (!schema.equals(AppDescriptor.SCHEMA)) {
      throw mistake("schema", AppDescriptor.SCHEMA, schema);
    }
    JsonNode worker = child(root, "worker");
    onlyKeys(worker, "worker.", "command endpoints memory-mib");
    List<AppDescriptor.Table> tables = new ArrayList<>();
    for (JsonNode node : list(root, "", "tables")) {
      tables.add(table(node, "tables[" + tables.size() + "]."));
    }
    List<AppDescriptor.Stream> streams = new ArrayList<>();
    for (JsonNode node : list(root, "", "streams")) {
      String path = "streams[" + streams.size() + "].";
      streams.add(stream(node, path, text(root, "", "input"), tables));
    }
    AppDescriptor app =
        new AppDescriptor(
            text(root, "", "name"),
            word(root, "", "guarantee", Guarantee.values(), Guarantee::word),
            texts(worker, "worker.", "command"),
            endpoints(worker),
            text(root, "", "event-id-header"),
            optional(root, "lineage-header"),
            optional(root, "audit-topic"),
            text(root, "", "group"),
            text(root, "", "input"),
            streams,
            tables,
            new AppDescriptor.Offer(
                root.has("load")
                    ? word(root, "", "load", LoadKind.values(), LoadKind::word)
                    : LoadKind.WORDS,
                root.has("rate") ? count(root, "", "rate") : 0,
                root.has("more-inputs") ? texts(root, "", "more-inputs") : List.of()),
            new AppDescriptor.Outside(
                optional(root, "dead-letters"),
                services(root),
                worker.has("memory-mib") ? count(worker, "worker.", "memory-mib") : 0));
    checkSources(app);
    return app;
  }

  private List<String> endpoints(JsonNode worker) {
    List<String> endpoints = texts(worker, "worker.", "endpoints");
    for (String endpoint : endpoints) {
      if (!ENDPOINTS.contains(endpoint)) {
        throw mistake("worker.endpoints", "one of " + String.join(", ", ENDPOINTS), endpoint);
      }
    }
    return endpoints;
  }

  private AppDescriptor.Stream stream(
      JsonNode node, String path, String input, List<AppDescriptor.Table> tables) {
    onlyKeys(node, path, "topic kind source accepts service confirmed-by by of every");
    StreamKind kind = word(node, path, "kind", StreamKind.values(), StreamKind::word);
    if (kind == StreamKind.FILTERED && !text(node, path, "accepts").equals("palette")) {
      throw mistake(path + "accepts", "palette", text(node, path, "accepts"));
    }
    boolean enrichment = kind == StreamKind.ENRICHMENT;
    List<String> of =
        switch (kind) {
          case LATE, CLOSED -> tablesOf(node, path, tables);
          case FILTERED, COUNT_UPDATES, ENRICHMENT, GATHERED, TICKS -> List.of();
        };
    return new AppDescriptor.Stream(
        text(node, path, "topic"),
        kind,
        switch (kind) {
          case FILTERED, COUNT_UPDATES, ENRICHMENT -> text(node, path, "source");
          case GATHERED, TICKS -> input;
          case LATE, CLOSED -> source(of.getFirst(), tables);
        },
        enrichment ? text(node, path, "service") : "",
        enrichment && node.has("confirmed-by") ? text(node, path, "confirmed-by") : "",
        kind == StreamKind.GATHERED ? by(node, path) : "",
        of,
        kind == StreamKind.TICKS ? duration(node, path, "every") : null);
  }

  private String by(JsonNode node, String path) {
    String by = text(node, path, "by");
    if (!KEYS_OF_VIEWS.contains(by)) {
      throw mistake(path + "by", "one of " + String.join(", ", KEYS_OF_VIEWS), by);
    }
    return by;
  }

  /// The tables with windows that a stream tells of.
  private List<String> tablesOf(JsonNode node, String path, List<AppDescriptor.Table> tables) {
    List<String> of = texts(node, path, "of");
    List<String> windowed =
        tables.stream().filter(DescriptorReader::hasWindows).map(table -> table.name()).toList();
    for (String table : of) {
      if (!windowed.contains(table)) {
        throw mistake(path + "of", "tables with windows, of which there are " + windowed, table);
      }
    }
    if (of.stream().map(table -> source(table, tables)).distinct().count() > 1) {
      throw mistake(path + "of", "tables of one source", of.toString());
    }
    return of;
  }

  private static boolean hasWindows(AppDescriptor.Table table) {
    return switch (table.kind()) {
      case WINDOWED_COUNTS, SESSIONS -> true;
      case COUNTS, EXPIRING_COUNTS -> false;
    };
  }

  private static String source(String table, List<AppDescriptor.Table> tables) {
    return tables.stream()
        .filter(each -> each.name().equals(table))
        .map(AppDescriptor.Table::source)
        .findFirst()
        .orElseThrow();
  }

  private AppDescriptor.Table table(JsonNode node, String path) {
    onlyKeys(
        node,
        path,
        "name kind source changelog window step grace retention gap expires-after follows sums");
    TableKind kind = word(node, path, "kind", TableKind.values(), TableKind::word);
    return new AppDescriptor.Table(
        text(node, path, "name"),
        kind,
        text(node, path, "source"),
        text(node, path, "changelog"),
        span(kind, node, path),
        node.has("follows") ? text(node, path, "follows") : text(node, path, "source"),
        node.has("sums") ? text(node, path, "sums") : null);
  }

  private AppDescriptor.@Nullable Span span(TableKind kind, JsonNode node, String path) {
    try {
      return switch (kind) {
        case COUNTS -> null;
        case WINDOWED_COUNTS -> {
          Duration size = duration(node, path, "window");
          Duration retention = duration(node, path, "retention");
          yield new AppDescriptor.Span(
              size,
              node.has("step") ? duration(node, path, "step") : size,
              node.has("grace") ? duration(node, path, "grace") : retention,
              retention);
        }
        case SESSIONS -> {
          Duration gap = duration(node, path, "gap");
          Duration retention = duration(node, path, "retention");
          yield new AppDescriptor.Span(gap, gap, retention, retention);
        }
        case EXPIRING_COUNTS -> {
          Duration unwritten = duration(node, path, "expires-after");
          yield new AppDescriptor.Span(unwritten, unwritten, Duration.ZERO, Duration.ZERO);
        }
      };
    } catch (IllegalArgumentException unfit) {
      throw new DescriptorException(file + ": " + path + "window: " + unfit.getMessage());
    }
  }

  private List<AppDescriptor.Service> services(JsonNode root) {
    List<AppDescriptor.Service> services = new ArrayList<>();
    for (JsonNode node : list(root, "", "services")) {
      String path = "services[" + services.size() + "].";
      onlyKeys(node, path, "name timeout pause in-flight failures probes");
      services.add(
          new AppDescriptor.Service(
              text(node, path, "name"),
              duration(node, path, "timeout"),
              duration(node, path, "pause"),
              count(node, path, "in-flight"),
              count(node, path, "failures"),
              count(node, path, "probes")));
    }
    return services;
  }

  private int count(JsonNode node, String path, String key) {
    JsonNode child = node.get(key);
    if (child == null || !child.isInt() || child.intValue() < 1) {
      throw mistake(
          path + key, "a number above zero", child == null ? "nothing" : child.toString());
    }
    return child.intValue();
  }

  private void checkSources(AppDescriptor app) {
    Set<String> known = new HashSet<>(app.inputs());
    app.streams().forEach(stream -> known.add(stream.topic()));
    for (AppDescriptor.Stream stream : app.streams()) {
      if (!known.contains(stream.source())) {
        throw mistake("streams.source", "the input or a stream's topic", stream.source());
      }
      enrichment(app, stream);
      if (stream.kind() == StreamKind.GATHERED && app.offer().load() != LoadKind.VIEWS) {
        throw mistake("load", "views, for a stream of kind gathered", app.offer().load().word());
      }
      if (stream.kind() == StreamKind.FILTERED && !stream.source().equals(app.input())) {
        throw mistake(
            "streams.source",
            "the input " + app.input() + " for a filtered stream",
            stream.source());
      }
    }
    if (app.offer().load() == LoadKind.VIEWS && app.inputs().size() != VIEW_TOPICS) {
      throw mistake(
          "more-inputs",
          (VIEW_TOPICS - 1) + " topics beside the input, over which views are spread",
          Integer.toString(app.inputs().size() - 1));
    }
    for (AppDescriptor.Table table : app.tables()) {
      if (!known.contains(table.source())) {
        throw mistake("tables.source", "the input or a stream's topic", table.source());
      }
    }
  }

  private void enrichment(AppDescriptor app, AppDescriptor.Stream stream) {
    if (stream.kind() != StreamKind.ENRICHMENT) {
      return;
    }
    if (app.offer().load() != LoadKind.ORDERS || app.outside().deadLetters() == null) {
      throw mistake("load", "orders, and dead-letters, for a stream of kind enrichment", "neither");
    }
    List<String> names = app.outside().services().stream().map(service -> service.name()).toList();
    for (String name : List.of(stream.service(), stream.confirmedBy())) {
      if (!name.isEmpty() && !names.contains(name)) {
        throw mistake("streams.service", "one of the services " + names, name);
      }
    }
  }

  private void onlyKeys(JsonNode node, String path, String allowed) {
    if (!node.isObject()) {
      throw mistake(path, "a mapping with the keys " + allowed, node.toString());
    }
    Set<String> keys = Set.of(allowed.split(" ", -1));
    for (String key : node.propertyNames()) {
      if (!keys.contains(key)) {
        throw mistake(path + key, "only the keys " + allowed, key);
      }
    }
  }

  private JsonNode child(JsonNode node, String key) {
    JsonNode child = node.get(key);
    if (child == null || !child.isObject()) {
      throw mistake(key, "a mapping", child == null ? "nothing" : child.toString());
    }
    return child;
  }

  private List<JsonNode> list(JsonNode node, String path, String key) {
    JsonNode child = node.get(key);
    if (child == null) {
      return List.of();
    }
    if (!child.isArray()) {
      throw mistake(path + key, "a list", child.toString());
    }
    return new ArrayList<>(child.values());
  }

  private List<String> texts(JsonNode node, String path, String key) {
    List<String> texts = new ArrayList<>();
    for (JsonNode item : list(node, path, key)) {
      if (!item.isString()) {
        throw mistake(path + key, "a list of texts", item.toString());
      }
      texts.add(item.stringValue());
    }
    if (texts.isEmpty()) {
      throw mistake(path + key, "a list with at least one text", "nothing");
    }
    return texts;
  }

  private String text(JsonNode node, String path, String key) {
    JsonNode child = node.get(key);
    if (child == null || !child.isString() || child.stringValue().isBlank()) {
      throw mistake(path + key, "a text", child == null ? "nothing" : child.toString());
    }
    return child.stringValue();
  }

  private @Nullable String optional(JsonNode node, String key) {
    return node.has(key) ? text(node, "", key) : null;
  }

  private <E> E word(JsonNode node, String path, String key, E[] all, Function<E, String> word) {
    String found = text(node, path, key);
    for (E one : all) {
      if (word.apply(one).equals(found)) {
        return one;
      }
    }
    String words = Arrays.stream(all).map(word).collect(joining(" or "));
    throw mistake(path + key, words, found);
  }

  /// A number and one of ms, s, m, h.
  private Duration duration(JsonNode node, String path, String key) {
    String found = text(node, path, key);
    if (!found.matches("[1-9][0-9]{0,9}(ms|s|m|h)")) {
      throw mistake(path + key, "a duration such as 500ms, 60s, 5m or 1h", found);
    }
    String unit = found.replaceAll("[0-9]", "");
    long amount = Long.parseLong(found.substring(0, found.length() - unit.length()));
    return switch (unit) {
      case "ms" -> Duration.ofMillis(amount);
      case "s" -> Duration.ofSeconds(amount);
      case "m" -> Duration.ofMinutes(amount);
      default -> Duration.ofHours(amount);
    };
  }

  private DescriptorException mistake(String key, String expected, String found) {
    return new DescriptorException(
        file + ": " + key + ": expected " + expected + ", found " + found);
  }
}
