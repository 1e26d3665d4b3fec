/**
 * {@code mvn -Psoak verify}: one gateway at work for half an hour ({@code -Dsoak.minutes}), of whose answers each is checked,
 * and of which nothing may grow. Its report is in {@code target/soak-report}.
 */
package dev.mehari.soak;
