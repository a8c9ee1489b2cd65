# What the suites share: hosts, capture processes, and what the box looks like.

say() {
  echo "lab: $(cut -d' ' -f1 /proc/uptime) $*" > /dev/console
  echo "== $*"
}

# Commands run in a host of the lab: a iptables ...
for host in a r b br h1 h2 h3 c d s t u k; do
  eval "$host() { ip netns exec $host \"\$@\"; }"
done

mac_a0=02:00:00:00:0a:02 mac_r0=02:00:00:00:0a:01

# A pair of interfaces: join HOST INTERFACE MAC HOST INTERFACE MAC
join() {
  ip link add "$2" netns "$1" address "$3" type veth peer name "$5" netns "$4" address "$6"
  ip -n "$1" link set "$2" up
  ip -n "$4" link set "$5" up
}

add_host() {
  [ ! -e /run/netns/$1 ] || return 0
  ip netns add $1
  ip netns exec $1 sh -c '
    for c in all default; do
      echo 0 > /proc/sys/net/ipv4/conf/$c/rp_filter
      echo 0 > /proc/sys/net/ipv6/conf/$c/accept_dad
      echo 0 > /proc/sys/net/ipv6/conf/$c/router_solicitations
    done
    ip link set lo up'
}

hosts() {
  for host in a r b br h1 h2; do add_host $host; done
  r sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
  join a a0 $mac_a0 r r0 $mac_r0
  join r r1 02:00:00:00:0b:01 b b0 02:00:00:00:0b:02
  ip -n a addr add 10.1.0.2/24 dev a0; ip -n a -6 addr add fd01::2/64 dev a0 nodad
  ip -n r addr add 10.1.0.1/24 dev r0; ip -n r -6 addr add fd01::1/64 dev r0 nodad
  ip -n r addr add 10.2.0.1/24 dev r1; ip -n r -6 addr add fd02::1/64 dev r1 nodad
  ip -n b addr add 10.2.0.2/24 dev b0; ip -n b -6 addr add fd02::2/64 dev b0 nodad
  ip -n a route add default via 10.1.0.1; ip -n a -6 route add default via fd01::1
  ip -n b route add default via 10.2.0.1; ip -n b -6 route add default via fd02::1
  ip -n br link add br0 type bridge stp_state 0 forward_delay 0
  join h1 e0 02:00:00:00:0c:01 br p1 02:00:00:00:0c:03
  join h2 e0 02:00:00:00:0c:02 br p2 02:00:00:00:0c:04
  ip -n br link set p1 master br0; ip -n br link set p2 master br0; ip -n br link set br0 up
  ip -n h1 addr add 10.3.0.1/24 dev e0; ip -n h2 addr add 10.3.0.2/24 dev e0
  ping_until a 10.2.0.2; ping_until h1 10.3.0.2
  a busybox ping6 -c 1 -W 2 fd02::2 > /dev/null
}

# Neighbours are known when an answer came.
ping_until() { # HOST ADDRESS
  for i in 1 2 3 4 5; do
    ip netns exec "$1" busybox ping -c 1 -W 1 "$2" > /dev/null 2>&1 && return
  done
  echo "no answer of $2 in $1"
  return 1
}

namespaces() {
  echo "root $(stat -L -c %i /proc/self/ns/net)"
  for host in $(ls /run/netns 2> /dev/null); do
    echo "$host $(stat -L -c %i /run/netns/$host)"
  done
}

dropsite=/opt/dropsite/bin/dropsite

# Starts a capture that goes to /out/NAME.drops.pcapng, and waits until its probe is in.
capture() { # NAME OPTIONS...
  local name=$1 i=0
  shift
  $dropsite capture -o /out/$name.drops.pcapng --force "$@" 2> /out/$name.err > /out/$name.std &
  pid=$!
  echo $pid > /run/$name.pid
  until grep -q recording /out/$name.err; do
    i=$((i + 1))
    if [ $i -gt 600 ] || ! kill -0 $pid 2> /dev/null; then
      echo "no probe: $name: $(head -5 /out/$name.err)"
      return 1
    fi
    sleep 0.3
  done
  echo "capture $name ready at $(tg clock)"
}

# Ends a capture as a service manager would, and waits for it.
release() { # NAME
  local pid status=0
  pid=$(cat /run/$1.pid)
  rm /run/$1.pid
  grep -E '^Vm(HWM|RSS)' /proc/$pid/status
  cut -d' ' -f14,15 /proc/$pid/stat > /out/$1.ticks
  kill -TERM $pid
  wait $pid || status=$?
  echo $status > /out/$1.status
  echo "capture $1 ended with $status"
}

# Everything a good guest leaves as it was. Numbers that the kernel gives to every program anew are
# left out, and so is this shell.
state() { # FOLDER
  mkdir -p /out/$1
  (
    cd /out/$1 || exit
    cut -d' ' -f1,2 /proc/modules > modules
    for kind in prog map link; do
      bpftool $kind list 2> /dev/null | grep -E '^[0-9]+:' | sed 's/^[0-9]*: //' > bpf-$kind
    done
    ls /sys/kernel/tracing/instances > tracing-instances
    cat /sys/kernel/tracing/dynamic_events > tracing-dynamic-events
    cat /sys/kernel/tracing/kprobe_events > tracing-kprobes
    (cd /sys/kernel/tracing || exit; for f in tracing_on set_event buffer_size_kb current_tracer \
      trace_options events/skb/kfree_skb/enable; do echo "$f: $(cat $f)"; done) > tracing-settings
    for host in root $(ls /run/netns); do
      # Of tables only what exists: asking could load a module.
      show=
      [ $host = root ] || show="ip netns exec $host"
      $show grep -r . /proc/sys/net 2> /dev/null | sort > sysctl-$host
      $show cat /proc/net/ip_tables_names 2> /dev/null > tables-$host
      if grep -q '^nf_tables ' /proc/modules; then $show nft list ruleset > nft-$host; fi
      if [ -s tables-$host ]; then $show iptables-legacy-save -c | grep -v '^#' > legacy-$host; fi
      $show ip -d link | sed 's/^[0-9]*: //; s/_timer *[0-9.]*//g' > link-$host
      $show ip route > route-$host
    done
    ps -o comm | sort | uniq | grep -vE '^(kworker|ps|sort|uniq|grep|sh)' > processes
    find /tmp /run /root /dev/shm /var /etc -type f 2> /dev/null | sort > files
    ls /proc/sys/net/netfilter > conntrack-sysctls 2> /dev/null
    sysctl -n kernel.perf_event_paranoid kernel.kptr_restrict kernel.perf_event_max_stack \
      net.core.bpf_jit_enable kernel.bpf_stats_enabled kernel.ftrace_enabled > settings 2> /dev/null
  )
}

# The words of steps: what was done, and when, goes to $truth.
begin() {
  scenario=$1
  echo "begin $1 $(tg clock | cut -d' ' -f1)" >> $truth
}

step() {
  echo "step $1" >> $truth
  eval "$1" || echo "failed $scenario: $1" | tee -a $truth
}

finish() {
  sleep "$1"
  echo "end $scenario $(tg clock | cut -d' ' -f1)" >> $truth
}

restore() {
  eval "$1" || echo "failed to restore $scenario: $1" | tee -a $truth
}
