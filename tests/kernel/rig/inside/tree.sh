#!/bin/sh
# Makes a tree of Debian packages a rig's root, and its disk: mmdebstrap's last hook. $1: the tree, with what has been
# copied to /rig. What comes out is in /rig/out: root.ext4, and vmlinuz-NAME and initrd-NAME of each kernel.
set -eu
tree=$1
rig=$tree/rig
mkdir "$rig/out" "$rig/kernels"

# Kernels as they lie in the packages of two releases: their install scripts would want a boot loader.
apt() { APT_CONFIG=$MMDEBSTRAP_APT_CONFIG apt-get -q -o APT::Sandbox::User=root "$@"; }
fetch() {
  image=$(APT_CONFIG=$MMDEBSTRAP_APT_CONFIG apt-cache depends linux-image-cloud-amd64 |
    sed -n 's/^ *Depends: \(linux-image-[0-9].*\)/\1/p')
  (cd "$rig/kernels" && apt download "$image")
  dpkg --fsys-tarfile "$rig/kernels/$image"_*.deb |
    tar -x -C "$rig/kernels" --wildcards './boot/vmlinuz*' './lib/modules' './usr/lib/modules' 2>/dev/null || true
  for modules in "$rig"/kernels/lib/modules/* "$rig"/kernels/usr/lib/modules/*; do
    [ -d "$modules" ] || continue
    version=${modules##*/}
    mv "$rig/kernels/boot/vmlinuz-$version" "$rig/out/vmlinuz-$1"
    mkdir -p "$tree/usr/lib/modules"
    mv "$modules" "$tree/usr/lib/modules/$version"
    finish "$1" "$version"
  done
  rm "$rig/kernels/$image"_*.deb
}

# What is not about networks, disks of this machine and containers takes room and time. Packed modules take longer to
# load than to read.
finish() {
  modules=usr/lib/modules/$2
  kernel=$tree/$modules/kernel
  for folder in "$kernel"/* "$kernel"/drivers/* "$kernel"/fs/*; do
    case ${folder#"$kernel"/} in
      net | lib | crypto | arch | drivers | fs) ;;
      drivers/net | drivers/virtio | drivers/block | drivers/char) ;;
      fs/overlayfs | fs/fuse) ;;
      *) rm -r "$folder" ;;
    esac
  done
  find "$tree/$modules" -name '*.ko.xz' -printf '/%P\n' | sed "s|^|/$modules|" |
    chroot "$tree" xargs -r -P 2 -n 32 xz -d
  chroot "$tree" depmod "$2"
  # A small root for the start, which finds the disk.
  start=$rig/start
  mkdir -p "$start/bin" "$start/modules" "$start/dev" "$start/root"
  cp "$tree/usr/bin/busybox" "$start/bin/"
  install -m 755 "$rig/start.sh" "$start/init"
  for module in virtio_pci virtio_blk; do
    chroot "$tree" modprobe -S "$2" --show-depends $module | sed -n 's/^insmod //p'
  done | awk '!seen[$1]++ { print $1 }' >"$start/list"
  while read -r module; do
    cp "$tree$module" "$start/modules/"
    echo "/modules/${module##*/}"
  done <"$start/list" >"$start/order"
  rm "$start/list"
  chroot "$tree" sh -c 'cd /rig/start && find . | busybox cpio -o -H newc' 2>/dev/null |
    gzip -1 >"$rig/out/initrd-$1"
  rm -r "$start"
}

lists() { find "$tree/etc/apt" -name '*.list' -o -name '*.sources'; }
fetch 6.12
lists | xargs -r sed -i 's/\btrixie\b/bookworm/'
apt update
fetch 6.1
lists | xargs -r sed -i 's/\bbookworm\b/trixie/'

install -m 755 "$rig/deno" "$tree/usr/local/bin/deno"
mkdir -p "$tree/etc"
cp "$rig/inittab" "$tree/etc/inittab"
rm -rf "$rig/kernels" "$rig/deno" "$tree"/var/lib/apt/lists/* "$tree"/var/cache/apt/* \
  "$tree"/usr/share/doc/* "$tree"/usr/share/man/* "$tree"/usr/share/locale/*
# The tree itself holds mounts now, and is wanted by mmdebstrap for a while.
mkdir -p "$tree.disk"
for entry in "$tree"/*; do
  case ${entry##*/} in
    dev | proc | sys | run | tmp) mkdir "$tree.disk/${entry##*/}" ;;
    *) cp -al "$entry" "$tree.disk/" ;;
  esac
done
rm -r "$tree.disk/rig/out"
size=$(($(du -sm "$tree.disk" | cut -f 1) + 512))
mke2fs -q -t ext4 -m 0 -L rig -E lazy_itable_init=0 -d "$tree.disk" "$rig/out/root.ext4" "${size}M"
rm -r "$tree.disk"
