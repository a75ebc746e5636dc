package dev.gretchen.engine;

/// What an app does when a timer fires. It sends, and changes tables, as a [Handler] does.
@FunctionalInterface
public interface TickHandler {

  /// Handles one firing.
  ///
  /// @throws Exception as in [Handler#handle]: none of its effects becomes visible then
  void handle(Tick tick) throws Exception;
}
