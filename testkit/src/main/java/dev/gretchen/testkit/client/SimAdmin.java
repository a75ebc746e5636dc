package dev.gretchen.testkit.client;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.jspecify.annotations.Nullable;

/// An admin client in virtual time: each call waits inside the method, with the bounds and retries
/// of the real one, and returns futures that are done.
///
/// [Admin] has some sixty methods, of which a simulation needs ten: the interface is a proxy that
/// looks for a method of the same signature in [AdminTopics] and [AdminGroups], and refuses what it
/// does not find.
final class SimAdmin implements InvocationHandler {

  private final Connection connection;
  private final List<Object> answering;
  private boolean closed;

  private SimAdmin(Connection connection, ClientConfig config) {
    this.connection = connection;
    AdminCalls calls =
        new AdminCalls(
            connection,
            config.millis(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, 30_000),
            config.millis(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 60_000),
            Backoff.of(config, connection.scheduler().random()));
    this.answering = List.of(new AdminTopics(calls), new AdminGroups(calls), this);
  }

  static Admin open(Connection connection, ClientConfig config) {
    return (Admin)
        Proxy.newProxyInstance(
            Admin.class.getClassLoader(),
            new Class<?>[] {Admin.class},
            new SimAdmin(connection, config));
  }

  @Override
  public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments)
      throws Throwable {
    if (method.isDefault()) {
      return InvocationHandler.invokeDefault(proxy, method, arguments);
    }
    if (closed && !method.getName().equals("close")) {
      throw new IllegalStateException("Cannot accept new calls when AdminClient is closing.");
    }
    for (Object target : answering) {
      Method own = find(target, method);
      if (own != null) {
        try {
          return own.invoke(target, arguments);
        } catch (InvocationTargetException thrown) {
          throw thrown.getTargetException();
        }
      }
    }
    throw new UnsupportedOperationException("a simulated admin client has no " + method.getName());
  }

  private static @Nullable Method find(Object target, Method wanted) {
    try {
      return target.getClass().getMethod(wanted.getName(), wanted.getParameterTypes());
    } catch (NoSuchMethodException _) {
      return null;
    }
  }

  /// As [Admin#close(Duration)]; nothing is under way, since every call waits for its end.
  public void close(Duration timeout) {
    closed = true;
    connection.close();
  }
}
