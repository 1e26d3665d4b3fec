package dev.mehari.provider.aws;

import software.amazon.awssdk.utils.http.SdkHttpUtils;

/** Paths as the SDK writes them, for what is signed must be what is sent. */
public final class AwsPath {
    private AwsPath() {}

    /** One segment: all but letters, digits and {@code -_.~} is encoded, a colon as {@code %3A}, a slash as {@code %2F}. */
    public static String segment(String text) {
        return SdkHttpUtils.urlEncode(text);
    }
}
