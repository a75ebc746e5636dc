package dev.gretchen.serve.internal.http;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What somebody asks.
///
/// @param path decoded, from `/` on
/// @param names what the route's names stand for, see [Route]
/// @param query the values of each parameter, in their order
/// @param authorization the header of that name, empty where there is none
/// @param body empty where there is none
public record Asked(
    String path,
    Map<String, String> names,
    Map<String, List<String>> query,
    String authorization,
    String body) {

  public Asked {
    names = Map.copyOf(names);
    query = Map.copyOf(query);
  }

  /// The same, of a route.
  Asked under(Map<String, String> itsNames) {
    return new Asked(path, itsNames, query, authorization, body);
  }

  /// What a name of the route stands for.
  ///
  /// @throws IllegalArgumentException if the route has no such name
  public String name(String key) {
    String value = names.get(key);
    if (value == null) {
      throw new IllegalArgumentException("the route of " + path + " has no name " + key);
    }
    return value;
  }

  /// The values of a parameter, without empty ones: a form sends those of all its fields.
  public List<String> all(String parameter) {
    return query.getOrDefault(parameter, List.of()).stream()
        .map(String::strip)
        .filter(value -> !value.isEmpty())
        .toList();
  }

  /// The only value of a parameter.
  ///
  /// @throws Refused if there are several
  public Optional<String> one(String parameter) {
    List<String> values = all(parameter);
    if (values.size() > 1) {
      throw Refused.badRequest(
          "%s: expected one value, found %d".formatted(parameter, values.size()));
    }
    return values.stream().findFirst();
  }
}
