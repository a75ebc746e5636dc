package dev.gretchen.engine.internal.http;

import dev.gretchen.engine.SocketView;
import dev.gretchen.engine.View;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The views and sockets of an app, by method and path. Filled by one thread before it opens; any
/// thread looks.
public final class Routes {

  /// First segments that are the engine's own.
  static final Set<String> RESERVED =
      Set.of("livez", "readyz", "metrics", "verify", "table", "status", "failpoints");

  private static final Pattern NAMED = Pattern.compile("\\{([a-zA-Z][a-zA-Z0-9-]*)}");

  private final List<Route> routes = new CopyOnWriteArrayList<>();
  private volatile boolean open;

  /// What is at a path.
  sealed interface Found {

    /// A view, and what stands in the place of its names.
    record AtView(View view, Map<String, String> segments) implements Found {}

    /// Where WebSockets are opened.
    record AtSocket(SocketView view, int messageBytesMax, Map<String, String> segments)
        implements Found {}

    /// Something, by other methods.
    record OtherMethods(Set<String> methods) implements Found {}

    /// Nothing.
    record Nothing() implements Found {}
  }

  private sealed interface Target {
    record Views(String method, View view) implements Target {}

    record Sockets(SocketView view, int messageBytesMax) implements Target {}
  }

  private record Route(String path, List<String> segments, Target target) {

    /// What stands in the place of the names; null if the path is another.
    @Nullable Map<String, String> match(List<String> found) {
      if (found.size() != segments.size()) {
        return null;
      }
      Map<String, String> names = new LinkedHashMap<>();
      for (int i = 0; i < found.size(); i++) {
        Matcher named = NAMED.matcher(segments.get(i));
        if (named.matches()) {
          names.put(named.group(1), found.get(i));
        } else if (!segments.get(i).equals(found.get(i))) {
          return null;
        }
      }
      return names;
    }
  }

  /// Registers a view.
  ///
  /// @throws IllegalArgumentException for a path that is taken, or none
  public void add(String method, String path, View view) {
    if (!method.matches("[A-Z]{3,10}")) {
      throw new IllegalArgumentException(
          "view " + path + ": expected a method such as GET, found '" + method + "'");
    }
    add(path, new Target.Views(method, view));
  }

  /// Registers where WebSockets are opened.
  ///
  /// @throws IllegalArgumentException for a path that is taken, or none
  public void add(String path, int messageBytesMax, SocketView view) {
    if (messageBytesMax < 1) {
      throw new IllegalArgumentException(
          "socket " + path + ": expected room for a byte at least, found " + messageBytesMax);
    }
    add(path, new Target.Sockets(view, messageBytesMax));
  }

  private void add(String path, Target target) {
    if (!path.startsWith("/")) {
      throw new IllegalArgumentException("a path begins with /, found '" + path + "'");
    }
    List<String> segments = segments(path);
    if (RESERVED.contains(segments.getFirst())) {
      throw new IllegalArgumentException(
          "path "
              + path
              + " begins with a word of the engine's own, which are "
              + new TreeSet<>(RESERVED)
              + "; choose another");
    }
    requireDistinctNames(path, segments);
    for (Route other : routes) {
      if (shape(other.segments).equals(shape(segments)) && isTakenFrom(other.target, target)) {
        throw new IllegalArgumentException(
            "path " + path + " is taken by " + other.path + "; a path has one view for a method");
      }
    }
    routes.add(new Route(path, segments, target));
  }

  private static void requireDistinctNames(String path, List<String> segments) {
    Set<String> names = new HashSet<>();
    for (String segment : segments) {
      Matcher named = NAMED.matcher(segment);
      if (named.matches() ? !names.add(named.group(1)) : segment.contains("{")) {
        throw new IllegalArgumentException(
            "path " + path + ": expected whole segments {name} with distinct names");
      }
    }
  }

  private static boolean isTakenFrom(Target there, Target wanted) {
    return !(there instanceof Target.Views one
        && wanted instanceof Target.Views other
        && !one.method.equals(other.method));
  }

  /// Whatever the names, two paths that match the same.
  private static List<String> shape(List<String> segments) {
    return segments.stream().map(each -> NAMED.matcher(each).matches() ? "{}" : each).toList();
  }

  /// The segments of a path, as they stand there.
  static List<String> segments(String path) {
    return List.of(path.substring(1).split("/", -1));
  }

  /// What is at a path. Of several routes that match, the one that names more of it.
  ///
  /// @param segments decoded
  Found find(String method, List<String> segments) {
    Set<String> others = new TreeSet<>();
    Found best = new Found.Nothing();
    int fewestNames = Integer.MAX_VALUE;
    for (Route route : routes) {
      Map<String, String> names = route.match(segments);
      if (names == null) {
        continue;
      }
      switch (route.target) {
        case Target.Views(String wanted, View view) -> {
          if (!wanted.equals(method)) {
            others.add(wanted);
          } else if (names.size() < fewestNames) {
            fewestNames = names.size();
            best = new Found.AtView(view, names);
          }
        }
        case Target.Sockets(SocketView view, int bytesMax) -> {
          if (names.size() < fewestNames) {
            fewestNames = names.size();
            best = new Found.AtSocket(view, bytesMax, names);
          }
        }
      }
    }
    return best instanceof Found.Nothing && !others.isEmpty()
        ? new Found.OtherMethods(others)
        : best;
  }

  /// The paths, for whoever asks in vain.
  List<String> paths() {
    List<String> paths = new ArrayList<>();
    routes.forEach(route -> paths.add(route.path));
    return paths;
  }

  /// From now on they are served.
  public void open() {
    open = true;
  }

  /// From now on they are not.
  public void close() {
    open = false;
  }

  public boolean isOpen() {
    return open;
  }
}
