/**
 * What the settings say, checked and made into what other rooms work with: providers, model groups, keys, prices and
 * budgets. At start, for each edit, and for {@code mehari check}.
 */
@NullMarked
package dev.mehari.configured;

import org.jspecify.annotations.NullMarked;
