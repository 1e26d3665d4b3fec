/** Micro-benchmarks of the hot path, run by {@code bench/jmh}; not part of the tests. */
package dev.mehari.bench;
