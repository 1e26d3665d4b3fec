/** From settings that are read to a gateway that listens: what is waited for, and how a start that fails is told. */
@NullMarked
package dev.mehari.startup;

import org.jspecify.annotations.NullMarked;
