package dev.mehari.conformance;

/**
 * Where two endpoints answer differently.
 *
 * @param exchange which request
 * @param subject a field's path, or what else is compared
 * @param here as the endpoint has it that is checked; "-" when it is not there
 * @param there as the reference has it; "-" when it is not there
 * @param must whether clients may break at it; fields that only one of them has are told, and count only where the user
 *     is strict
 */
public record Difference(String exchange, String subject, String here, String there, boolean must) {}
