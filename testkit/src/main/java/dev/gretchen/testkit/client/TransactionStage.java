package dev.gretchen.testkit.client;

/// The states of an idempotent or transactional producer, and which may follow which.
enum TransactionStage {
  UNINITIALIZED,
  INITIALIZING,
  READY,
  IN_TRANSACTION,
  COMMITTING_TRANSACTION,
  ABORTING_TRANSACTION,
  ABORTABLE_ERROR,
  FATAL_ERROR;

  boolean mayFollow(TransactionStage before) {
    return switch (this) {
      case UNINITIALIZED -> before == READY || before == ABORTABLE_ERROR;
      case INITIALIZING -> before == UNINITIALIZED || before.isEnding();
      case READY -> before == INITIALIZING || before.isEnding();
      case IN_TRANSACTION -> before == READY;
      case COMMITTING_TRANSACTION -> before == IN_TRANSACTION;
      case ABORTING_TRANSACTION -> before == IN_TRANSACTION || before == ABORTABLE_ERROR;
      case ABORTABLE_ERROR ->
          before == IN_TRANSACTION
              || before == COMMITTING_TRANSACTION
              || before == ABORTABLE_ERROR
              || before == INITIALIZING;
      case FATAL_ERROR -> true;
    };
  }

  boolean isEnding() {
    return this == COMMITTING_TRANSACTION || this == ABORTING_TRANSACTION;
  }
}
