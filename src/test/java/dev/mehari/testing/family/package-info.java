/**
 * One fake of each provider family, shared by all real clients that the gateway is tried with. A fake reads what the gateway
 * asks in the family's own words and answers in them; what it answers is made of what it read, so that a client's test sees
 * from the answer what has reached the provider. Wire formats as documented, state 2026-11-21.
 */
package dev.mehari.testing.family;
