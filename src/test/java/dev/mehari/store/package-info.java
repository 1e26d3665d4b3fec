/** Against a real Redis. */
package dev.mehari.store;
