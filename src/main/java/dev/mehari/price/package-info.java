/** What tokens cost: the price book, and the bill of one answer. Plain Java; sums are integers, never floating. */
@NullMarked
package dev.mehari.price;

import org.jspecify.annotations.NullMarked;
