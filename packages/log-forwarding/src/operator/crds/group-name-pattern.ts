// What a log group's name may look like in observability.openshift.io/v1: plain characters, and templates that end in a
// fixed fallback.

/**
 * The same language as the original's pattern, written so that no text takes a backtracking engine more than linear time:
 * the original nests one repetition in another.
 */
export const groupNamePattern = String.raw`^([a-zA-Z0-9\-_.\/]|\{(\.[a-zA-Z0-9_]+|\."[^"]+")+(\|\|(\.[a-zA-Z0-9_]+|\.?"[^"]+")+)*\|\|"[^"]*"\})*$`;
