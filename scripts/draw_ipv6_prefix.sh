#!/bin/sh
# Draws a prefix for compose.ipv6.yaml, fd and 40 random bits (RFC 4193 3.2), and writes it into .env, which Compose reads.
set -eu
cd "$(dirname "$0")/.."
if grep -qs '^LAB_IPV6_PREFIX=' .env; then
  grep '^LAB_IPV6_PREFIX=' .env
  exit
fi
set -- $(od -An -tx1 -N5 /dev/urandom)
echo "LAB_IPV6_PREFIX=fd$1:$2$3:$4$5" | tee -a .env
