/** A client and a server, each in a network namespace of the rig, joined by a cable. */

/** The server's interface. */
export const on = {
  device: "e0",
  address: "10.77.0.2",
  prefix: 24,
  six: { address: "fd00:77::2", prefix: 64 },
  mtu: 1500,
};

/** A shell's script that makes them, and one that takes them away. */
export const namespaces = {
  make: `set -e
    ip netns add served; ip netns add client
    ip link add e0 netns served type veth peer name c0 netns client
    ip -n served link set lo up; ip -n client link set lo up
    ip -n served addr add 10.77.0.2/24 dev e0; ip -n client addr add 10.77.0.3/24 dev c0
    ip -n served addr add fd00:77::2/64 dev e0 nodad; ip -n client addr add fd00:77::3/64 dev c0 nodad
    ip netns exec served sysctl -qw net.ipv6.conf.e0.accept_dad=0
    ip netns exec client sysctl -qw net.ipv6.conf.c0.accept_dad=0
    ip -n served link set e0 up; ip -n client link set c0 up`,
  remove: "ip netns del served; ip netns del client; true",
};
