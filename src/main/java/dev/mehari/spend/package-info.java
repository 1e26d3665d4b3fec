/** What callers have used and spent: kept by day, summed up for budgets, told when a budget runs low. */
@NullMarked
package dev.mehari.spend;

import org.jspecify.annotations.NullMarked;
