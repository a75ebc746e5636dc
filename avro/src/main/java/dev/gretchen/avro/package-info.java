/// Avro codecs for the topics and tables of an app, and the registries that keep their schemas. A
/// module of its own, so that an app without Avro has none of its jars. Codecs are used by any
/// thread; they are made, and their schemas checked, before the worker starts.
@NullMarked
package dev.gretchen.avro;

import org.jspecify.annotations.NullMarked;
