package dev.gretchen.engine;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// A request over HTTP.
///
/// @param method such as `GET`
/// @param segments what stands in the place of a route's `{names}`, decoded
/// @param parameters of the query, decoded; the first of those with one name
/// @param headers by their names in lower case; the first of those with one name
/// @param body empty where there is none, and where a WebSocket is asked for
public record WebRequest(
    String method,
    Map<String, String> segments,
    Map<String, String> parameters,
    Map<String, String> headers,
    byte[] body) {

  /// What stands in the place of `{name}`.
  ///
  /// @throws IllegalArgumentException where the route has no such name
  public String segment(String name) {
    String found = segments.get(name);
    if (found == null) {
      throw new IllegalArgumentException(
          "the route has no segment {" + name + "}; it has " + segments.keySet());
    }
    return found;
  }

  /// A parameter of the query.
  public Optional<String> parameter(String name) {
    return Optional.ofNullable(parameters.get(name));
  }

  /// A header, whatever its case.
  public Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
  }
}
