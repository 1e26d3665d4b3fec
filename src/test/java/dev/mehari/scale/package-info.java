/**
 * Several gateways behind a load balancer, with a real Redis and a real PostgreSQL, while processes, stores and links
 * fail: {@code mvn -Pscale verify}. What they did stands in {@code target/scale-report}.
 */
package dev.mehari.scale;
