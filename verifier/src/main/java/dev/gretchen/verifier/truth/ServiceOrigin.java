package dev.gretchen.verifier.truth;

/// What a service of a run was.
///
/// @param real whether it was no stand-in
/// @param what half a sentence, such as `a stand-in (influxd is not installed)`
public record ServiceOrigin(String service, boolean real, String what) {}
