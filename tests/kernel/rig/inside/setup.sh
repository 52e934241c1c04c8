# Sets a rig up once it has started: what a system's own services would do.
mount -t proc proc /proc
mount -t sysfs sys /sys
mkdir -p /dev/pts /dev/shm
mount -t devpts devpts /dev/pts
mount -t tmpfs tmpfs /dev/shm
mount -t tmpfs tmpfs /run
mount -t tmpfs tmpfs /tmp
mount -t cgroup2 cgroup /sys/fs/cgroup
mount -t debugfs debugfs /sys/kernel/debug 2>/dev/null
ln -sf /proc/self/fd /dev/fd
ln -sf /proc/self/fd/0 /dev/stdin
ln -sf /proc/self/fd/1 /dev/stdout
ln -sf /proc/self/fd/2 /dev/stderr
chmod 1777 /tmp
hostname rig
modprobe virtio_net
modprobe tun
ip link set lo up
ip address add 10.0.2.15/24 dev eth0
ip link set eth0 up
ip route add default via 10.0.2.2
setting() { sed -n "s/.*\brig\.$1=\([^ ]*\).*/\1/p" /proc/cmdline; }
data=$(setting data)
if [ -n "$data" ]; then
  mkdir -p /var/lib/docker
  mount -t ext4 -o noatime "$data" /var/lib/docker
fi
if [ "$(setting docker)" = on ]; then
  setsid dockerd --tls=false -H unix:///run/docker.sock -H tcp://0.0.0.0:2375 \
    </dev/null >/run/dockerd.log 2>&1 &
fi
