/** Edited files while the gateway runs: good ones come into use without a call lost, bad ones are told. */
package dev.mehari.reload;
