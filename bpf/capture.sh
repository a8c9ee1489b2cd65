#!/bin/sh
# Records the packets that the kernel drops, and what is needed to explain them elsewhere, into one
# text file for `dropsite analyze`. Needs root, tracefs and the usual small tools; installs, loads and
# configures nothing, and takes away what it puts into tracefs (an instance of its own), also that of
# an earlier run which was killed.
#
# The file consists of sections, each begun by a line "==> name <==". Every other line begins with a
# blank, so that nothing which is copied into the file can begin a section.
set -u
export LC_ALL=C
PATH=${PATH:-}:/usr/sbin:/usr/bin:/sbin:/bin
umask 077

usage() {
  cat <<'USAGE'
usage: capture.sh [-o FILE] [-d SECONDS] [-b KB] [--no-snapshot]

Records dropped packets until Ctrl-C, as text for `dropsite analyze`.

  -o FILE        where to write; must not exist (default: drops-TIME.txt); '-' is standard output
  -d SECONDS     end by itself after this time
  -b KB          buffer of the kernel for each CPU (default: 4096)
  --no-snapshot  leave out firewall rules, addresses, routes, queues and counters
  -h, --help     print this

Addresses and rules are written as they are: look at the file before you give it away.
USAGE
}

say() { printf 'capture.sh: %s\n' "$*" >&2; }
fail() { say "$*"; exit 1; }
number() { case $2 in '' | *[!0-9]* | ????????*) say "$1 takes a number, not '$2'"; exit 2 ;; esac; }

out=drops-$(date -u +%Y%m%dT%H%M%SZ).txt
seconds=
buffer=4096
snapshot=yes
while [ $# -gt 0 ]; do
  case $1 in
    -o | -d | -b)
      [ $# -ge 2 ] || { say "$1 takes a value"; exit 2; }
      case $1 in
        -o) out=$2 ;;
        -d) number -d "$2"; seconds=$2 ;;
        -b) number -b "$2"; buffer=$2 ;;
      esac
      shift
      ;;
    --no-snapshot) snapshot=no ;;
    -h | --help) usage; exit 0 ;;
    *) usage >&2; exit 2 ;;
  esac
  shift
done

tracing=/sys/kernel/tracing
[ -d "$tracing/instances" ] || tracing=/sys/kernel/debug/tracing
[ -d "$tracing/instances" ] || {
  [ "$(id -u)" = 0 ] || fail 'needs root'
  fail 'no tracefs; as root: mount -t tracefs nodev /sys/kernel/tracing'
}
event=events/skb/kfree_skb
[ -r "$tracing/$event/format" ] || fail "cannot read $tracing/$event: needs root, and a kernel that \
traces events and is not locked down"

# --- the instance ---------------------------------------------------------------------------------

# When a process began, in clock ticks after boot; with its number, no other process has that.
began() { sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | cut -d ' ' -f 20; }

# Ends those who read from an instance; it is ours, and so are they.
end_readers() {
  # shellcheck disable=SC2012 # what it lists is looked at again before anything is ended
  for reading in $(ls -l /proc/[0-9]*/fd | awk -v end="$1/trace_pipe" '
    /^\/proc\/[0-9]+\/fd:$/ { split($0, part, "/"); pid = part[3] }
    index($0, end) { print pid }'); do
    for file in "/proc/$reading"/fd/*; do
      [ "$(readlink "$file")" != "$1/trace_pipe" ] || { kill -KILL "$reading"; break; }
    done
  done
} 2>/dev/null

remove() {
  [ -d "$1" ] || return 0
  echo 0 >"$1/tracing_on"
  echo 0 >"$1/$event/enable"
  for try in 1 2 3; do
    rmdir "$1" && return 0
    end_readers "$1"
    sleep "$try"
  done
  rmdir "$1"
} 2>/dev/null

for dead in "$tracing"/instances/dropsite-sh.*; do
  [ -d "$dead" ] || continue
  run=${dead##*dropsite-sh.}
  [ "$(began "${run%.*}")" = "${run#*.}" ] || {
    say "removing what an earlier run left behind: $dead"
    remove "$dead"
  }
done

if [ "$out" = - ]; then
  exec 3>&1
else
  # Fails when the file is there, whoever put it there.
  set -C
  (: >"$out") 2>/dev/null || fail "cannot make $out, or it exists"
  set +C
  exec 3>>"$out"
fi

instance=$tracing/instances/dropsite-sh.$$.$(began $$)
mkdir "$instance" || fail "cannot make $instance: needs root"
trap 'remove "$instance"' EXIT
main=$$
# Whatever ends this script, the instance goes.
(
  trap '' INT HUP TERM
  while kill -0 "$main" && [ -d "$instance" ]; do sleep 1; done
  remove "$instance"
) </dev/null >/dev/null 2>&1 3>&- &
stop=
# Whoever reads our output may go: a write then fails, and the script still ends in order.
trap 'stop=yes' INT TERM HUP PIPE

option() { [ ! -e "$instance/options/$1" ] || echo "$2" >"$instance/options/$1"; }
option stacktrace 1
option sym-addr 1
option sym-offset 1
option context-info 1
option irq-info 1
# 6.1 prints no names of reasons when it does not hash pointers. The place of a drop is on the stack too.
grep -q 'reason;' "$tracing/$event/format" || option hash-ptr 0
echo boot >"$instance/trace_clock" || say 'no boot clock: times are on another one'
echo "$buffer" >"$instance/buffer_size_kb" || fail "no buffer of $buffer KB for each CPU"

# --- writing --------------------------------------------------------------------------------------

section() { printf '==> %s <==\n' "$*" >&3; }
body() { sed 's/^/ /' >&3; }

# Where a program is; by its path, so that a shell or a timeout which has an applet of that name, as
# busybox has, still runs the program.
path_of() {
  case $1 in */*) echo "$1"; return ;; esac
  rest=$PATH:
  while [ -n "$rest" ]; do
    if [ -f "${rest%%:*}/$1" ] && [ -x "${rest%%:*}/$1" ]; then
      echo "${rest%%:*}/$1"
      return
    fi
    rest=${rest#*:}
  done
  return 1
}

limited=
if timeout 9 true 2>/dev/null; then limited='timeout 9'; fi
# The network namespace that the snapshot is at; empty for the one that the script runs in.
netns_file=

# Writes what a command prints, up to 8 MB of it, as a section; then what went wrong, if anything.
part() {
  name=$1
  program=$(path_of "$2") || program=$2
  shift 2
  set -- "$program" "$@"
  [ -z "$netns_file" ] || set -- "$(path_of nsenter)" --net="$netns_file" "$@"
  section "$name"
  # shellcheck disable=SC2086 # two words or none
  problem=$({ { $limited "$@" </dev/null || echo "exit $?" >&2; } | head -c 8388608 | body; } 2>&1)
  [ -z "$problem" ] || {
    section "problem with $name"
    printf '%s\n' "$problem" | head -n 9 | body
  }
}

# Whether a module is there, or no module can come.
loaded() {
  [ ! -e /proc/modules ] || grep -q "^$1 " /proc/modules ||
    grep -q "/$1\\.ko" "/lib/modules/$(uname -r)/modules.builtin" 2>/dev/null
}
there() { path_of "$1" >/dev/null; }
# The bytes of a file in hex, on one line.
bytes() {
  # shellcheck disable=SC2046 # to have them on one line
  set -- $(od -An -v -tx1 "$1" 2>/dev/null)
  echo "$*"
}

clocks() {
  read -r uptime _ </proc/uptime
  real=$(date +%s.%N)
  # Not every date knows parts of a second.
  echo "clock boot=$uptime real=${real%.*N}"
}

kernel() {
  section kernel
  {
    clocks
    echo "release $(uname -r)"
    echo "version $(uname -v)"
    echo "machine $(uname -m)"
    echo "boot-id $(cat /proc/sys/kernel/random/boot_id)"
    echo "notes $(bytes /sys/kernel/notes)"
    sed -n -e 's/^\([0-9a-f]*\) . \(_text\)$/symbol \2 \1/p' \
      -e 's/^\([0-9a-f]*\) . \(_stext\)$/symbol \2 \1/p' \
      -e 's/^\([0-9a-f]*\) . \(_etext\)$/symbol \2 \1/p' /proc/kallsyms
    sed -n 's/^\(CONFIG_UNWINDER_[A-Z_]*\)=y$/\1/p' "/boot/config-$(uname -r)" 2>/dev/null
  } | body
}

modules() {
  section modules
  [ ! -r /proc/modules ] || body </proc/modules
  section module-details
  for module in /sys/module/*; do
    [ -d "$module/sections" ] || continue
    name=${module##*/}
    echo "$name notes $(bytes "$module/notes/.note.gnu.build-id")"
    for of in .text .init.text .exit.text; do
      # Other sections have no code that is on stacks.
      if [ -r "$module/sections/$of" ]; then
        read -r address <"$module/sections/$of"
        echo "$name section $of $address"
      fi
    done
  done | body
}

# --- the snapshot: nothing in it may load a module or change a counter -------------------------------

# Other network namespaces, as "number file"; by a process in them, or where they are mounted.
namespaces() {
  # shellcheck disable=SC2012 # numbers, and names that only root chooses
  {
    ls -l /proc/[0-9]*/ns/net |
      sed -n 's|.* \(/proc/[0-9]*/ns/net\) -> net:\[\([0-9]*\)\]$|\2 \1|p'
    ls -iLd /run/netns/* | sed -n 's|^ *\([0-9]* /.*\)|\1|p'
  } 2>/dev/null | sort -n | awk -v root="$root" '$1 != root && !seen[$1]++' | head -n 32
}

# Runs a command in the namespace that the snapshot is at.
inside() {
  if [ -z "$netns_file" ]; then "$@"; else "$(path_of nsenter)" --net="$netns_file" "$@"; fi
}

of_namespace() {
  at="$1 netns=$2"
  netns_file=$3
  if there nft && loaded nf_tables; then part "nft $at" nft -j -a list ruleset; fi
  for family in ip ip6 arp; do
    # Empty where no table was ever used; asking for one would load its module.
    [ -n "$(inside cat "/proc/net/${family}_tables_names" 2>/dev/null)" ] || continue
    case $family in ip) tool=iptables ;; *) tool=${family}tables ;; esac
    for save in "$tool-legacy-save" "$tool-save"; do
      there "$save" || continue
      case $("$(path_of "$save")" --version 2>/dev/null) in *nf_tables*) continue ;; esac
      case $family in
        arp) part "$tool $at" "$save" ;;
        *) part "$tool $at" "$save" -c ;;
      esac
      break
    done
  done
  for table in filter nat broute; do
    if loaded "ebtable_$table" && there ebtables-legacy; then
      part "ebtables-$table $at" ebtables-legacy -t "$table" -L --Lc
    fi
  done
  if there ip; then
    part "addr $at" ip ${json:+-j} addr
    part "link $at" ip ${json:+-j} -s -d link
    part "route $at" ip ${json:+-j} route show table all
    part "route6 $at" ip ${json:+-j} -6 route show table all
    part "rule $at" ip ${json:+-j} rule
    part "rule6 $at" ip ${json:+-j} -6 rule
    part "neigh $at" ip ${json:+-j} neigh
  fi
  if there tc; then
    part "qdisc $at" tc ${json:+-j} -s qdisc show
    inside sed -n 's/^ *\([^ :]*\):.*/\1/p' /proc/net/dev | head -n 64 | while read -r device; do
      for direction in ingress egress root; do
        # Its name is what its owner likes; this one is to be read by people.
        plain=$(printf %s "$device" | tr -c 'A-Za-z0-9_.-' '?')
        part "filter $at dev=$plain $direction" tc ${json:+-j} -s filter show dev "$device" "$direction"
      done
    done
  fi
  for file in snmp netstat snmp6 softnet_stat dev; do
    part "$file $at" cat "/proc/net/$file"
  done
  part "sysctl $at" sh -c 'cd /proc/sys/net && grep -s . core/netdev_max_backlog \
    core/netdev_budget* core/rmem_* core/somaxconn core/optmem_max core/xfrm_* \
    ipv4/ip_forward ipv4/ip_default_ttl ipv4/ip_local_port_range ipv4/ipfrag_* ipv4/icmp_* \
    ipv4/tcp_mem ipv4/tcp_rmem ipv4/udp_mem ipv4/tcp_max_syn_backlog ipv4/tcp_syncookies \
    ipv4/tcp_abort_on_overflow ipv4/tcp_l3mdev_accept ipv4/udp_l3mdev_accept \
    ipv4/conf/*/rp_filter ipv4/conf/*/forwarding ipv4/conf/*/accept_local \
    ipv4/conf/*/accept_source_route ipv4/conf/*/route_localnet ipv4/conf/*/arp_ignore \
    ipv4/conf/*/arp_filter ipv4/neigh/default/gc_thresh* ipv4/neigh/*/unres_qlen_bytes \
    ipv6/conf/*/forwarding ipv6/conf/*/disable_ipv6 ipv6/conf/*/accept_ra ipv6/ip6frag_* \
    bridge/bridge-nf-call-* netfilter/nf_conntrack_count netfilter/nf_conntrack_max \
    netfilter/nf_conntrack_tcp_be_liberal; :'
}

snapshot() {
  [ "$snapshot" = yes ] || return 0
  json=
  if "$(path_of ip)" -j link >/dev/null 2>&1; then json=yes; fi
  root=$(readlink /proc/self/ns/net | tr -dc 0-9)
  of_namespace "$1" "$root" ''
  if there nsenter; then
    namespaces | while read -r number file; do
      of_namespace "$1" "$number" "$file" </dev/null
    done
  fi
  if there ethtool; then
    netns_file=
    for device in /sys/class/net/*; do
      # Only hardware has counters of its own.
      [ ! -e "$device/device" ] || part "ethtool $1 netns=$root" ethtool -S "${device##*/}"
    done
  fi
}

# --- the recording --------------------------------------------------------------------------------

section 'dropsite-capture 1'
kernel
modules
part format cat "$tracing/$event/format"
snapshot before

section events
# Signals to all processes of a service or terminal must not end the readers before they are done.
trap '' INT HUP TERM
# By read(2), as dd does: what splice(2) gives of this file, which some versions of cat use, lacks parts
# of lines. And two processes, so that what ends the first leaves the other to write what it has.
dd if="$instance/trace_pipe" bs=65536 2>/dev/null | body &
reader=$!
trap 'stop=yes' INT TERM HUP PIPE

echo 1 >"$instance/$event/enable" || fail "cannot enable $event"
say "recording${seconds:+ for $seconds seconds} to $out; Ctrl-C ends it"
left=${seconds:--1}
while [ -z "$stop" ] && [ "$left" != 0 ]; do
  sleep 1
  left=$((left - 1))
  kill -0 "$reader" 2>/dev/null || fail "cannot write $out any more: is the disk full?"
done
echo 0 >"$instance/tracing_on"

for _ in 1 2 3 4 5 6 7 8 9; do
  sleep 1
  waiting=$(cat "$instance"/per_cpu/cpu*/stats | grep '^entries:' | grep -cv ': 0$')
  [ "$waiting" != 0 ] || break
done
end_readers "$instance"
wait "$reader" 2>/dev/null

part losses grep . "$instance"/per_cpu/cpu*/stats
lost=$(cat "$instance"/per_cpu/cpu*/stats |
  awk '/^(overrun|commit overrun|dropped events):/ { lost += $NF } END { print lost + 0 }')
kernel
modules
snapshot after
section end
[ "$out" = - ] || say "$(grep -c ' skbaddr=' "$out") events in $out, $lost lost"
