package dev.gretchen.services.search;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.elasticsearch.common.logging.LogConfigurator;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.env.Environment;
import org.elasticsearch.node.Node;
import org.elasticsearch.plugins.PluginsLoader;

/// The main class of a search process: one Elasticsearch node on loopback, in memory of its own,
/// without the security modules that a server on a network needs. It ends itself with its standard
/// input, because then its parent has died.
///
/// The home folder must hold `config/` and `modules/transport-netty4/`, the HTTP transport, which
/// the node loads by itself and which must not be on the class path too.
public final class SearchNode {

  /// Exit status after the end of standard input.
  private static final int ORPHANED = 3;

  private SearchNode() {}

  /// Arguments: the home folder, the port for HTTP and the port between nodes.
  @SuppressWarnings("resource") // it lives as long as the process
  public static void main(String[] arguments) throws Exception {
    // the node's own threads do not keep a process alive
    Thread.ofPlatform().daemon(false).name("stdin").start(() -> endWithInput(System.in));
    LogConfigurator.configureESLogging();
    String home = arguments[0];
    Settings settings =
        Settings.builder()
            .put("path.home", home)
            .put("path.data", home + "/data")
            .put("path.logs", home + "/logs")
            .put("cluster.name", "gretchen")
            .put("node.name", "search")
            .put("network.host", "127.0.0.1")
            .put("http.port", arguments[1])
            .put("transport.port", arguments[2])
            .put("discovery.type", "single-node")
            .put("cluster.routing.allocation.disk.threshold_enabled", false)
            .build();
    Environment environment = new Environment(settings, Path.of(home, "config"));
    var modules = PluginsLoader.loadModulesBundles(environment.modulesDir(), false);
    Node node =
        new Node(
            environment, PluginsLoader.createPluginsLoader(modules, Set.of(), Map.of(), false));
    node.start();
  }

  @SuppressWarnings("SystemExitOutsideMain") // halt: an orderly shutdown would only delay the end
  private static void endWithInput(InputStream input) {
    try {
      while (input.read() >= 0) {
        // nothing is expected
      }
    } catch (IOException e) {
      System.err.println("Standard input failed: " + e);
    }
    Runtime.getRuntime().halt(ORPHANED);
  }
}
