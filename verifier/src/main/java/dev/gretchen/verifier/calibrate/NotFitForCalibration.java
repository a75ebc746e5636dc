package dev.gretchen.verifier.calibrate;

/// The recorded run does not pass, so that nothing can be told from it when it is falsified.
public final class NotFitForCalibration extends RuntimeException {

  private static final long serialVersionUID = 1L;

  NotFitForCalibration(String message) {
    super(message);
  }
}
