package dev.gretchen.chaos.worker;

import java.net.URI;
import java.nio.file.Path;

/// One process of a worker.
///
/// @param number counts the worker's processes from 1
/// @param endpoint base address of its HTTP endpoints
public record Incarnation(String worker, int number, long pid, URI endpoint, Path log) {}
