/// HTTP, and nothing of what is served: who may ask, which route answers, how an answer is sent.
/// This package alone knows the server library. Answers are made on threads of the server, several
/// at a time.
@NullMarked
package dev.gretchen.serve.internal.http;

import org.jspecify.annotations.NullMarked;
