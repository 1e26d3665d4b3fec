/** From a model group to the deployments to try, in order. Pure Java: no Camel, no I/O. */
@NullMarked
package dev.mehari.routing;

import org.jspecify.annotations.NullMarked;
