package dev.mehari.media;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;

/**
 * Which addresses belong to the public internet. Everything else is somebody's own: loopback, private networks, link-local
 * (the metadata services of clouds are there), multicast, and IPv6 forms that hold such an IPv4 address.
 *
 * <p>Source: IANA IPv4 and IPv6 Special-Purpose Address Registries, RFC 6890, 6052, 3056, 4380.
 */
final class PublicAddress {
    private static final List<Block> CLOSED = List.of(
            Block.of("0.0.0.0/8"),
            Block.of("10.0.0.0/8"),
            Block.of("100.64.0.0/10"),
            Block.of("127.0.0.0/8"),
            Block.of("169.254.0.0/16"),
            Block.of("172.16.0.0/12"),
            Block.of("192.0.0.0/24"),
            Block.of("192.0.2.0/24"),
            Block.of("192.31.196.0/24"),
            Block.of("192.52.193.0/24"),
            Block.of("192.88.99.0/24"),
            Block.of("192.168.0.0/16"),
            Block.of("192.175.48.0/24"),
            Block.of("198.18.0.0/15"),
            Block.of("198.51.100.0/24"),
            Block.of("203.0.113.0/24"),
            Block.of("224.0.0.0/3"),
            // Azure's platform services, at an address that looks public.
            Block.of("168.63.129.16/32"));

    /** All that is given out to hosts so far; what is left is reserved, local or multicast. */
    private static final Block GLOBAL = Block.of("2000::/3");

    private static final List<Block> CLOSED_GLOBAL =
            List.of(Block.of("2001::/23"), Block.of("2001:db8::/32"), Block.of("2002::/16"), Block.of("3fff::/20"));

    private static final List<Block> HOLDING_IPV4 =
            List.of(Block.of("64:ff9b::/96"), Block.of("::ffff:0:0:0/96"), Block.of("::/96"));

    private PublicAddress() {}

    static boolean is(InetAddress address) {
        return switch (address) {
            case Inet4Address v4 -> CLOSED.stream().noneMatch(block -> block.holds(v4.getAddress()));
            case Inet6Address v6 -> isPublic(v6.getAddress());
            default -> false;
        };
    }

    private static boolean isPublic(byte[] v6) {
        if (HOLDING_IPV4.stream().anyMatch(block -> block.holds(v6))) {
            byte[] v4 = Arrays.copyOfRange(v6, 12, 16);
            return CLOSED.stream().noneMatch(block -> block.holds(v4));
        }
        return GLOBAL.holds(v6) && CLOSED_GLOBAL.stream().noneMatch(block -> block.holds(v6));
    }

    /** Addresses that begin alike. */
    private record Block(byte[] start, int bits) {
        static Block of(String cidr) {
            int slash = cidr.indexOf('/');
            try {
                // An IPv4-mapped literal would become IPv4 itself; those never come here.
                byte[] start = InetAddress.getByName(cidr.substring(0, slash)).getAddress();
                return new Block(start, Integer.parseInt(cidr.substring(slash + 1)));
            } catch (UnknownHostException impossible) {
                throw new IllegalArgumentException(cidr, impossible);
            }
        }

        boolean holds(byte[] address) {
            if (address.length != start.length) {
                return false;
            }
            for (int bit = 0; bit < bits; bit++) {
                int mask = 0x80 >> bit % 8;
                if ((address[bit / 8] & mask) != (start[bit / 8] & mask)) {
                    return false;
                }
            }
            return true;
        }
    }
}
