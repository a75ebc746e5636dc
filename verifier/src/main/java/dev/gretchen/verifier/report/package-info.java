/// Renders a verdict and its timeline for people and for tools: HTML, JUnit XML, Markdown,
/// OpenMetrics, a shell script and closing lines for a terminal. The renderers are pure functions
/// of immutable data and may be called from any thread; only [dev.gretchen.verifier.report.Reports]
/// touches the file system, and expects one caller at a time per directory.
@NullMarked
package dev.gretchen.verifier.report;

import org.jspecify.annotations.NullMarked;
