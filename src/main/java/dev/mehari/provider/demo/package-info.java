/**
 * The embedded provider: deterministic answers without a network, to try the gateway and to test with. The model's name
 * says how it behaves ({@code demo}, {@code demo-slow}, {@code demo-delay-50}, {@code demo-cut},
 * {@code demo-error-503}).
 */
@NullMarked
package dev.mehari.provider.demo;

import org.jspecify.annotations.NullMarked;
