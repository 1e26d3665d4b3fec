package dev.mehari.media;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** Looks up names of hosts. May block. */
@FunctionalInterface
public interface HostNames {
    /** All addresses of that name; of an address in writing that one. */
    InetAddress[] resolve(String host) throws UnknownHostException;
}
