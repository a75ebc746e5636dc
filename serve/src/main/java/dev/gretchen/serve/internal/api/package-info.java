/// The REST API: what is asked read from parameters, the record as JSON and as metrics. What stands
/// in `openapi.json` is what is here; a test holds one against the other.
@NullMarked
package dev.gretchen.serve.internal.api;

import org.jspecify.annotations.NullMarked;
