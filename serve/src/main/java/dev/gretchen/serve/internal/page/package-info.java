/// The pages, rendered here as HTML that needs no script to be read; a little script adds keys,
/// what goes on, and the buttons of campaigns. Pure but for
/// [dev.gretchen.serve.internal.page.Pages], which asks the record.
@NullMarked
package dev.gretchen.serve.internal.page;

import org.jspecify.annotations.NullMarked;
