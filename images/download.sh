#!/bin/sh
# Unpacks Debian packages and all that they depend on into a folder, for any architecture: nothing of
# them runs, so that building for arm64 on amd64 needs no emulation.
#   sh download.sh ARCHITECTURE FOLDER <packages
set -eu
architecture=$1 folder=$2
packages=$(cat)
state=$(mktemp -d)
mkdir -p "$state/lists" "$state/archives/partial" "$folder"
: >"$state/status"
# An empty list of what is installed: so the C library of that architecture comes along, too.
apt() {
  apt-get -qq -o Dir::State="$state" -o Dir::State::Lists="$state/lists" \
    -o Dir::State::Status="$state/status" -o Dir::Cache="$state" \
    -o Dir::Cache::Archives="$state/archives" -o APT::Architecture="$architecture" \
    -o APT::Architectures="$architecture" -o APT::Sandbox::User=root "$@"
}
apt update
# shellcheck disable=SC2086
apt install --download-only --no-install-recommends --yes $packages
for package in "$state"/archives/*.deb; do
  dpkg-deb --fsys-tarfile "$package" | tar -x -C "$folder" --keep-directory-symlink
done
rm -rf "$state"
