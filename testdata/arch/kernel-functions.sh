#!/bin/sh
# Writes kernel-functions.txt: every function named in the recorded stacks of ../captures, inlined
# ones included, and the functions of the same kernels' symbol lists (kallsyms) that begin as those
# of the network stack do. Names without an underscore are left out: they are plain words too.
set -eu
cd "$(dirname "$0")"
{
  echo '# Functions of the kernel that no Java code may name; made by kernel-functions.sh.'
  {
    # Chains: "function file:line <- function file:line".
    cut -f5- ../captures/*/frames.tsv | sed 's/\t/ <- /g; s/ <- /\n/g' | cut -d' ' -f1
    # bpftrace: "address name+123"; ftrace: "=> name+0x12/0x34".
    sed -nE 's/^\t[0-9a-f]+ ([A-Za-z0-9_.]+)\+[0-9]+$/\1/p; s/^ => ([A-Za-z0-9_.]+)\+0x.*/\1/p' \
      ../captures/*/text/*.txt
    for kallsyms in ../captures/*/kallsyms.xz; do
      xz -dc "$kallsyms" | sed -nE 's/^[0-9a-f]+ [tTwW] ([^\t ]+).*/\1/p'
    done | grep -E '^_*(arp|br|dev|dst|fib|icmp|inet|ip|ip6|ip6t|ipt|ipv6|neigh|net|netif|nf|nft|qdisc|sk|skb|sock|tcp|udp|unix|xdp)_'
  } | sed 's/\..*//' | grep -E '^[A-Za-z_][A-Za-z0-9_]+$' | grep _ | grep -v '^bpf_prog_' |
    LC_ALL=C sort -u
} > kernel-functions.txt
