package dev.gretchen.chaos.machine;

/// A means of the operating system by which faults can be injected.
public enum Mechanism {
  SIGNALS("signals", "SIGKILL, SIGTERM, SIGSTOP and SIGCONT to processes of our own"),
  NAMESPACES("namespaces", "network of its own for a process"),
  NFT("nft", "rules that drop packets"),
  TBF("tbf", "token bucket that narrows a link"),
  NETEM("netem", "delay, loss, reordering and corruption of packets"),
  TMPFS("tmpfs", "small file system over a worker's disk"),
  CGROUP_V1("cgroup-v1", "limits of CPU and memory, and a freezer"),
  CGROUP_V2("cgroup-v2", "limits of CPU and memory, and a freezer"),
  FAKETIME("faketime", "wall clock of its own for a process"),
  PRLIMIT("prlimit", "other limits for a running process"),
  PRELOAD("preload", "library of ours before all others of a process"),
  ATTACH("attach", "management agent in a running JVM"),
  SOCKET_END("ss-kill", "end of a live connection");

  private final String word;
  private final String use;

  Mechanism(String word, String use) {
    this.word = word;
    this.use = use;
  }

  public String word() {
    return word;
  }

  /// What it gives, without an article.
  public String use() {
    return use;
  }
}
