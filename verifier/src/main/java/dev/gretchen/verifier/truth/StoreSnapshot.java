package dev.gretchen.verifier.truth;

import java.util.Iterator;
import java.util.function.Supplier;

/// What one worker said that its store of one table partition holds.
///
/// @param role `active` or `standby`
/// @param state such as `running`
/// @param records how many data records
/// @param checksum the contract's sum over them
/// @param position offset of the last applied changelog record + 1
/// @param entries reads the content: records with the changelog key and the value, offset counting
public record StoreSnapshot(
    String table,
    int partition,
    String worker,
    String role,
    String state,
    long records,
    long checksum,
    long position,
    Supplier<Iterator<LogRecord>> entries) {}
