package dev.gretchen.chaos.process;

import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import dev.gretchen.chaos.EnvironmentFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/// The management agent of a process that is a JVM: it opens it when it is attached to, whatever it
/// was started with, and ends it with itself. Stateless; any thread.
public final class ManagementAgent {
  private ManagementAgent() {}

  /// @return to be closed after use
  /// @throws EnvironmentFailure where it is no JVM, or is gone
  @SuppressWarnings("BanJNDI") // the address is our own child's, on this machine
  public static JMXConnector connect(long pid) {
    try {
      VirtualMachine machine = VirtualMachine.attach(Long.toString(pid));
      try {
        return JMXConnectorFactory.connect(new JMXServiceURL(machine.startLocalManagementAgent()));
      } finally {
        machine.detach();
        // by this name it is attached to; it makes it anew for the next, and leaves it when killed
        Files.deleteIfExists(Path.of("/tmp", ".java_pid" + pid));
      }
    } catch (IOException | AttachNotSupportedException e) {
      throw new EnvironmentFailure("The JVM with pid " + pid + " cannot be attached to: " + e, e);
    }
  }
}
