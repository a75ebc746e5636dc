package dev.gretchen.chaos.broker;

import java.io.IOException;
import java.io.InputStream;
import kafka.Kafka;
import kafka.tools.StorageTool;

/// The main class of a broker process: formats the storage if it is not yet formatted, then runs
/// the Kafka server, all in one JVM start. It ends itself with its standard input, because then its
/// parent has died.
final class BrokerMain {
  /// Exit status after the end of standard input.
  private static final int ORPHANED = 3;

  private BrokerMain() {}

  /// Arguments: the properties file and the cluster id.
  public static void main(String[] args) {
    String properties = args[0];
    String clusterId = args[1];
    Thread.ofPlatform().daemon().name("stdin").start(() -> exitWithInput(System.in));
    int status = StorageTool.execute(formatCommand(properties, clusterId), System.out);
    if (status != 0) {
      Runtime.getRuntime().halt(status);
    }
    Kafka.main(new String[] {properties});
  }

  private static String[] formatCommand(String properties, String clusterId) {
    return new String[] {
      "format",
      "--ignore-formatted",
      "--config",
      properties,
      "--cluster-id",
      clusterId,
      "--feature",
      "transaction.version=" + Brokers.TRANSACTION_VERSION
    };
  }

  @SuppressWarnings("SystemExitOutsideMain") // halt: an orderly shutdown would only delay the end
  private static void exitWithInput(InputStream input) {
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
