package dev.gretchen.testkit.sim;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// One simulated process: it can be paused, which holds back everything in it, and killed, which
/// ends everything in it without a further effect on the outside.
///
/// Made by [Scheduler#process].
public final class SimProcess {

  /// Its life; paused and running may alternate, killed is the end.
  public enum State {
    RUNNING,
    PAUSED,
    KILLED
  }

  private final String name;
  private final int number;
  private State state = State.RUNNING;
  private boolean halted;
  private final ArrayDeque<Runnable> heldBack = new ArrayDeque<>();
  private final Set<Fiber> fibers = new LinkedHashSet<>();
  private final List<Runnable> whenKilled = new ArrayList<>();

  SimProcess(String name, int number) {
    this.name = name;
    this.number = number;
  }

  public String name() {
    return name;
  }

  /// Tells processes of one name apart; rises by order of their making.
  public int number() {
    return number;
  }

  public State state() {
    return state;
  }

  public boolean isKilled() {
    return state == State.KILLED;
  }

  /// Whether it ended itself, by [Scheduler#killCurrent].
  public boolean hasHalted() {
    return halted;
  }

  void halt() {
    halted = true;
    state = State.KILLED;
  }

  /// What is to be cleared away, outside of the process, when it is killed.
  public void whenKilled(Runnable action) {
    whenKilled.add(action);
  }

  void state(State next) {
    state = next;
  }

  void holdBack(Runnable action) {
    heldBack.add(action);
  }

  List<Runnable> takeHeldBack() {
    List<Runnable> taken = List.copyOf(heldBack);
    heldBack.clear();
    return taken;
  }

  List<Runnable> takeWhenKilled() {
    List<Runnable> taken = List.copyOf(whenKilled);
    whenKilled.clear();
    return taken;
  }

  void add(Fiber fiber) {
    fibers.add(fiber);
  }

  void remove(Fiber fiber) {
    fibers.remove(fiber);
  }

  List<Fiber> fibers() {
    return List.copyOf(fibers);
  }

  @Override
  public String toString() {
    return name + "#" + number;
  }
}
