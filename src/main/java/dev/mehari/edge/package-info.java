/** The edge of HTTP: how answers and errors leave, and the small doors (models, providers, stored responses). */
@NullMarked
package dev.mehari.edge;

import org.jspecify.annotations.NullMarked;
