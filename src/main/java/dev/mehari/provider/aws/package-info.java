/** What Amazon's services have in common: who calls, from where, and the signature over each request. */
@NullMarked
package dev.mehari.provider.aws;

import org.jspecify.annotations.NullMarked;
