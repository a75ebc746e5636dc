package dev.gretchen.verifier.verdict;

/// A planned fault that this machine or cluster has no mechanism for.
public record SkippedFault(String id, String kind, String reason) {}
