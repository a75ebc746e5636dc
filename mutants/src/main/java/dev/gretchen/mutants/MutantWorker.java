package dev.gretchen.mutants;

import dev.gretchen.apps.wordcolors.Palette;
import dev.gretchen.apps.wordcolors.WordColors;
import dev.gretchen.engine.Worker;
import dev.gretchen.engine.WorkerOptions;
import dev.gretchen.engine.internal.worker.EngineParts;

/// word-colors on a broken engine: the same command line, and `--mutant=NAME`.
public final class MutantWorker {

  private MutantWorker() {}

  public static void main(String[] arguments) {
    WorkerOptions options = WorkerOptions.of(arguments);
    Mutant mutant = Mutant.parse(options.take("mutant", Mutant.NONE.text()));
    Palette palette = Palette.parse(options.take("palette", "primary"));
    options.take("version", "1"); // there is but one of each mutant
    Worker.main(WordColors.app(palette), options, mutant.parts(EngineParts.standard()));
  }
}
