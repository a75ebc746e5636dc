package dev.gretchen.mutants.simulated;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/// Stands before something and changes what some of its methods do.
@FunctionalInterface
interface Interception {

  /// One call.
  ///
  /// @param method its name
  /// @param arguments may be changed before the call goes on
  /// @param onwards carries it out
  @Nullable Object call(String method, Object[] arguments, Callable<@Nullable Object> onwards)
      throws Exception;

  /// Puts an interception before a delegate.
  static <T> T before(Class<T> type, T delegate, Interception interception) {
    Object proxy =
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (_, method, given) -> {
              Object[] arguments = given == null ? new Object[0] : given;
              return interception.call(
                  method.getName(), arguments, () -> invoke(delegate, method, arguments));
            });
    return type.cast(proxy);
  }

  private static @Nullable Object invoke(Object delegate, Method method, Object[] arguments)
      throws Exception {
    try {
      return method.invoke(delegate, arguments);
    } catch (InvocationTargetException thrown) {
      if (thrown.getCause() instanceof Exception exception) {
        throw exception;
      }
      if (thrown.getCause() instanceof Error error) {
        throw error;
      }
      throw thrown;
    }
  }
}
