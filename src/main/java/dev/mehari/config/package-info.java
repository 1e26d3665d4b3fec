/** Typed settings, where they come from ({@code application.yaml}, environment, {@code .env}), and start-up checks. */
@NullMarked
package dev.mehari.config;

import org.jspecify.annotations.NullMarked;
