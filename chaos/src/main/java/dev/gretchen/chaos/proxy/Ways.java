package dev.gretchen.chaos.proxy;

/// Who reaches brokers through links of ours.
///
/// @param workers the links of workers, one for each, by its name
/// @param brokers the links of brokers to each other, one for each, by [#broker]
public record Ways(NetworkFaults workers, NetworkFaults brokers) {

  /// What the link of a broker is called.
  public static String broker(int id) {
    return "broker " + id;
  }

  /// Nobody does, for that reason.
  public static Ways none(String reason) {
    return new Ways(new NetworkFaults.Unsupported(reason), new NetworkFaults.Unsupported(reason));
  }

  /// Lifts all rules of all links.
  public void clear() {
    for (NetworkFaults faults : new NetworkFaults[] {workers, brokers}) {
      if (faults instanceof NetworkFaults.Supported(Links links)) {
        links.clear();
      }
    }
  }
}
