package dev.gretchen.chaos.worker;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// How to start a worker of an app: the command of its descriptor, and what its placeholders mean.
///
/// A placeholder is a name of lower-case letters, digits and hyphens in braces, such as
/// `{state-dir}`; it may stand anywhere in an argument, and braces around anything else are left
/// alone.
///
/// The program must be the worker itself: SIGTERM goes to that process only, so a shell script in
/// between has to `exec` it.
///
/// @param template program and arguments
/// @param values values of placeholders that are the same for all workers
/// @param environment set for each worker
/// @param individual values that differ from worker to worker, by its name; they win over the
///   common ones
public record WorkerCommand(
    List<String> template,
    Map<String, String> values,
    Map<String, String> environment,
    Function<String, Map<String, String>> individual) {
  private static final String WILDCARD = "/*";
  private static final Pattern PLACEHOLDER = Pattern.compile("\\{([a-z][a-z0-9-]*)}");

  public WorkerCommand {
    template = List.copyOf(template);
    values = Map.copyOf(values);
    environment = Map.copyOf(environment);
    if (template.isEmpty()) {
      throw new IllegalArgumentException("The command that starts a worker is empty");
    }
  }

  /// A command in which nothing but name, disk and port differs from worker to worker.
  public WorkerCommand(
      List<String> template, Map<String, String> values, Map<String, String> environment) {
    this(template, values, environment, _ -> Map.of());
  }

  /// The names of all placeholders in a command.
  public static Set<String> placeholders(List<String> template) {
    return template.stream()
        .flatMap(argument -> PLACEHOLDER.matcher(argument).results())
        .map(match -> match.group(1))
        .collect(Collectors.toSet());
  }

  /// The command for one worker.
  ///
  /// @param own values for this worker; they win over the common ones
  /// @throws IllegalArgumentException where a placeholder has no value, in one sentence for a user
  public List<String> resolve(Map<String, String> own) {
    Map<String, String> all = new TreeMap<>(values);
    all.putAll(own);
    return template.stream().map(argument -> writtenOut(substitute(argument, all))).toList();
  }

  /// A class path wildcard becomes its jars, in fixed order: a JVM's start-up cache needs them so.
  private static String writtenOut(String argument) {
    Path folder =
        argument.endsWith(WILDCARD)
            ? Path.of(argument.substring(0, argument.length() - WILDCARD.length()))
            : null;
    if (folder == null || !Files.isDirectory(folder)) {
      return argument;
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(Path::toString)
          .filter(file -> file.endsWith(".jar"))
          .sorted()
          .collect(Collectors.joining(File.pathSeparator));
    } catch (IOException _) {
      return argument;
    }
  }

  private static String substitute(String argument, Map<String, String> values) {
    return PLACEHOLDER
        .matcher(argument)
        .replaceAll(match -> Matcher.quoteReplacement(value(match.group(1), argument, values)));
  }

  private static String value(String name, String argument, Map<String, String> values) {
    String value = values.get(name);
    if (value == null) {
      throw new IllegalArgumentException(
          "The worker's command names the placeholder {%s} in '%s', which has no value; known are %s"
              .formatted(name, argument, values.keySet()));
    }
    return value;
  }
}
