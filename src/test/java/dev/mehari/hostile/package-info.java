/** Bad days: networks, names, sizes and crowds that nobody hopes for. Each has a defined answer, and passes. */
package dev.mehari.hostile;
