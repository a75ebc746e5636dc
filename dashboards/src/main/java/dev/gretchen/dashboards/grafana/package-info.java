/// Grafana dashboards and Prometheus alert rules as code:
/// [dev.gretchen.dashboards.grafana.GeneratedFiles] says which files there are and what each holds,
/// made from the metric constants of engine and verifier. Pure functions of nothing, for any
/// thread; only its `main` touches the disk.
@NullMarked
package dev.gretchen.dashboards.grafana;

import org.jspecify.annotations.NullMarked;
