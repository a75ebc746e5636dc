package dev.gretchen.serve.internal.http;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/// All that can be asked. The first route that fits answers.
public final class Routes {

  private final List<Route> routes;

  public Routes(List<Route> routes) {
    this.routes = List.copyOf(routes);
  }

  /// Each route, in the order in which they are tried.
  public List<Route> all() {
    return routes;
  }

  /// Answers.
  ///
  /// @param method of HTTP; `HEAD` asks what `GET` does
  /// @throws Refused where there is nothing to be asked, or not so, and where the route refuses
  public Answer answer(String method, Asked asked) {
    String meant = method.equals("HEAD") ? "GET" : method;
    TreeSet<String> others = new TreeSet<>();
    for (Route route : routes) {
      Optional<Map<String, String>> names = route.match(asked.path());
      if (names.isPresent()) {
        if (route.method().equals(meant)) {
          return route.action().apply(asked.under(names.get()));
        }
        others.add(route.method());
      }
    }
    if (others.isEmpty()) {
      throw Refused.notFound("There is nothing at " + asked.path());
    }
    String allowed = String.join(", ", others);
    throw new Refused(
        405,
        "%s is answered to %s, found %s".formatted(asked.path(), allowed, method),
        Map.of("Allow", allowed));
  }
}
