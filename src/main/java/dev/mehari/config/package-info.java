/** Typed settings, where they come from ({@code application.yaml}, environment, {@code .env}), and where each stands. */
@NullMarked
package dev.mehari.config;

import org.jspecify.annotations.NullMarked;
