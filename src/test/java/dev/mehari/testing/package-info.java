/** What tests share: the running gateway and an upstream that does as it is told, both over real sockets. */
package dev.mehari.testing;
