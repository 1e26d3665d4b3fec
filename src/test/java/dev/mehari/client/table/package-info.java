/** Real clients against every family of providers: one table, the same questions to all of them. */
package dev.mehari.client.table;
