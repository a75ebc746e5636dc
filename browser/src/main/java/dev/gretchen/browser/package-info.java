/// A real browser for tests of pages, in whatever module they stand. It is used by the thread that
/// opened it alone, which is Playwright's rule.
@NullMarked
package dev.gretchen.browser;

import org.jspecify.annotations.NullMarked;
