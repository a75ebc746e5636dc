package dev.gretchen.chaos.service;

import java.net.URI;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;

/// Where the services of a run come from.
public sealed interface ServiceChoice {

  /// Real servers as child processes, and a stand-in, which says that it is one, where a program is
  /// not installed.
  ///
  /// @param searchJars folder of the search engine's jars
  record Real(Path searchJars) implements ServiceChoice {}

  /// Stand-ins.
  record Scripted() implements ServiceChoice {}

  /// Servers of the user's, stand-ins for what is not named.
  record At(Map<ServiceKind, URI> addresses) implements ServiceChoice {
    public At {
      addresses = Map.copyOf(addresses);
    }

    /// Reads `influxdb=http://…,search=http://…`.
    ///
    /// @throws IllegalArgumentException in one sentence that says what is expected
    public static At parse(String text) {
      Map<ServiceKind, URI> addresses = new EnumMap<>(ServiceKind.class);
      for (String pair : text.split(",", -1)) {
        int equals = pair.indexOf('=');
        ServiceKind kind =
            ServiceKind.ofWord(equals < 0 ? "" : pair.substring(0, equals).strip()).orElse(null);
        if (kind == null || !pair.substring(equals + 1).matches("https?://[^/ ]+/?")) {
          throw new IllegalArgumentException(
              "--services: expected real, scripted or influxdb=URL,search=URL,mailer=URL, found '"
                  + text
                  + "'");
        }
        addresses.put(kind, URI.create(pair.substring(equals + 1)));
      }
      return new At(addresses);
    }
  }
}
