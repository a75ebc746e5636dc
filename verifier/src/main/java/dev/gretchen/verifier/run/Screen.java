package dev.gretchen.verifier.run;

import dev.gretchen.verifier.progress.ProgressFile;
import java.io.PrintStream;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What a person sees of a run while it runs: a line that is drawn again on a terminal, a plain
/// line now and then elsewhere. Any thread.
public final class Screen {

  private static final long PLAIN_EVERY_NANOS = 10_000_000_000L;
  private static final int BAR_WIDTH = 24;
  private static final String CLEAR_LINE = "\r\u001b[2K";

  private final PrintStream out;
  private final Style style;
  private @Nullable ProgressFile file;
  private long lastPlain;
  private boolean drawn;

  /// How much is shown.
  public enum Style {
    /// A line that is drawn again and again.
    TERMINAL,
    /// Lines only.
    PLAIN,
    /// What happened, and nothing in between.
    LINES,
    /// Nothing.
    QUIET
  }

  public Screen(PrintStream out, Style style) {
    this.out = out;
    this.style = style;
  }

  /// From now on all of it goes to a file, too, for whoever looks on from another process, however
  /// little is shown here.
  ///
  /// @return that file
  public synchronized ProgressFile alsoIn(ProgressFile progress) {
    file = progress;
    return progress;
  }

  /// Something happened.
  public synchronized void say(String line) {
    if (file != null) {
      file.said(line);
    }
    if (style == Style.QUIET) {
      return;
    }
    erase();
    out.println(line);
    out.flush();
  }

  /// How far the load is.
  ///
  /// @param done 0 to 1
  public synchronized void progress(double done, String state) {
    if (file != null) {
      file.stands(done, state);
    }
    switch (style) {
      case LINES, QUIET -> {}
      case TERMINAL -> {
        int full = (int) Math.round(Math.clamp(done, 0, 1) * BAR_WIDTH);
        out.print(
            CLEAR_LINE
                + "  ["
                + "#".repeat(full)
                + ".".repeat(BAR_WIDTH - full)
                + "] "
                + percent(done)
                + "  "
                + state);
        out.flush();
        drawn = true;
      }
      case PLAIN -> {
        long now = System.nanoTime();
        if (lastPlain == 0 || now - lastPlain >= PLAIN_EVERY_NANOS) {
          lastPlain = now;
          out.println("  " + percent(done) + "  " + state);
          out.flush();
        }
      }
    }
  }

  private void erase() {
    if (drawn) {
      out.print(CLEAR_LINE);
      drawn = false;
    }
  }

  private static String percent(double done) {
    return String.format(Locale.ROOT, "%3.0f %%", Math.clamp(done, 0, 1) * 100);
  }
}
