/// `gretchen demo`: a real cluster, and a page on loopback that shows what it does and has buttons
/// for what may be done to it; [dev.gretchen.dashboards.demo.Demo] is the story. Each thread is
/// named where it is started: one reads topics, one looks at processes, one draws, and whatever a
/// button asks for has a virtual thread of its own.
@NullMarked
package dev.gretchen.dashboards.demo;

import org.jspecify.annotations.NullMarked;
