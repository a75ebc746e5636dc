package dev.gretchen.verifier.verdict;

/// Something that must happen now and then, or a campaign has not tried what it is for.
///
/// One run need not meet every situation; a campaign of many must.
///
/// @param name stable, lower case with hyphens
/// @param times how often it was met in this run
/// @param example the first time, in words; empty where it was not met
public record Situation(String name, long times, String example) {}
