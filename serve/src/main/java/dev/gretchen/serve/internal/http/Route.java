package dev.gretchen.serve.internal.http;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// One thing that can be asked.
///
/// @param method `GET` or `POST`
/// @param pattern a path whose segments are words or, in braces, names for what stands there:
///   `/api/runs/{id}`; the last may stand for all that follows: `/runs/{id}/files/{file...}`
/// @param action gives the answer, or throws a [Refused]
public record Route(String method, String pattern, Function<Asked, Answer> action) {

  private static final String REST = "...";

  /// Something that is asked and changes nothing.
  public static Route get(String pattern, Function<Asked, Answer> action) {
    return new Route("GET", pattern, action);
  }

  /// Something that is to be changed.
  public static Route post(String pattern, Function<Asked, Answer> action) {
    return new Route("POST", pattern, action);
  }

  /// What its names stand for in a path.
  ///
  /// @return empty if the path is none of this route's
  Optional<Map<String, String>> match(String path) {
    List<String> expected = segments(pattern);
    List<String> found = segments(path);
    Map<String, String> names = new HashMap<>();
    for (int i = 0; i < expected.size(); i++) {
      if (i >= found.size()) {
        return Optional.empty();
      }
      String segment = expected.get(i);
      if (!segment.startsWith("{")) {
        if (!segment.equals(found.get(i))) {
          return Optional.empty();
        }
        continue;
      }
      String name = segment.substring(1, segment.length() - 1);
      if (name.endsWith(REST)) {
        names.put(
            name.substring(0, name.length() - REST.length()),
            String.join("/", found.subList(i, found.size())));
        return Optional.of(names);
      }
      names.put(name, found.get(i));
    }
    return expected.size() == found.size() ? Optional.of(names) : Optional.empty();
  }

  private static List<String> segments(String path) {
    return List.of(path.substring(1).split("/", -1));
  }
}
