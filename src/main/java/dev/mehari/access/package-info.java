/** Who may call, and how much: client keys and what they allow, limits and budgets, the admin key, the gate. */
@NullMarked
package dev.mehari.access;

import org.jspecify.annotations.NullMarked;
