# As many drops as the box can make, on the loopback, to a port that nobody has: how many are seen and
# lost against the kernel's own count, and what recording costs beside bpftrace and beside nothing.

mkdir -p /out/storm
count=/sys/kernel/tracing/instances/count
mkdir $count

hits() { # what the histogram of another trace instance has counted
  sed -n 's/^ *Hits: *//p' $count/events/skb/kfree_skb/hist
}

busy() { # nanoseconds that tasks ran on all CPUs, with the interrupts that came while they did
  awk '/^cpu/ { n += $8 } END { printf "%.0f\n", n }' /proc/schedstat
}

# storm NAME DROPS OPTIONS...: counts a thousand drops that warm up what records, so slow that nothing
# of them is left to do, and then those whose cost is measured.
storm() {
  local name=$1 n=$2 seen
  shift 2
  echo 'hist:keys=protocol' > $count/events/skb/kfree_skb/trigger
  tg flood dst=127.0.0.1 port=9 n=1000 size=64 pace=16 > /dev/null
  sleep 2
  busy > /tmp/busy
  tg flood dst=127.0.0.1 port=9 n=$n size=64 "$@" > /tmp/flood
  seen=$(hits)
  echo '!hist:keys=protocol' > $count/events/skb/kfree_skb/trigger
  echo "hits $seen" > /out/storm/$name
  echo "flood $(cat /tmp/flood)" >> /out/storm/$name
}

spent() { # NAME: once everything has been written
  echo "busy $(awk -v now=$(busy) '{ printf "%.0f", now - $1 }' /tmp/busy)" >> /out/storm/$1
}

watch_memory() { # PID NAME
  while [ -e /proc/$1/status ]; do
    awk '/^VmRSS/ { print $2 }' /proc/$1/status >> /out/storm/$2.memory 2> /dev/null
    sleep 0.5
  done
}

# So slow that bpftrace keeps up: what a drop costs, without what losing it saves.
few=$((lab_drops / 200))
storm nothing $few pace=16
sleep 1.5
spent nothing
storm nothing.full $((lab_drops / 10))
spent nothing.full

for source in $(echo "$lab_sources" | tr , ' '); do
  for size in paced full; do
    name=storm.$source.$size
    # The second source for a fifth of the time.
    n=$lab_drops
    [ $source = ${lab_sources%%,*} ] || n=$((lab_drops / 5))
    capture $name --source $source --max-rate 0 --buffer 8M --no-snapshot all --snaplen 96 || continue
    watch_memory $pid $name &
    if [ $size = paced ]; then storm $name $few pace=16; else storm $name $n; fi
    sleep 1.5
    [ $size = full ] || spent $name
    release $name
    [ $size = paced ] || spent $name
    mv /out/$name.* /out/storm/
  done
done

if [ -n "$(ls /lab/*.bt 2> /dev/null)" ]; then
  script=/lab/drops.bt
  grep -q reason $count/events/skb/kfree_skb/format || script=/lab/drops-noreason.bt
  # As much memory for events as ours has: 8 MB.
  BPFTRACE_PERF_RB_PAGES=2048 bpftrace $script > /tmp/bpftrace.txt 2> /out/storm/bpftrace.err &
  pid=$!
  # Its first lines come once the probe is in.
  for i in $(seq 300); do [ -s /tmp/bpftrace.txt ] && break; sleep 0.2; done
  sleep 2
  storm bpftrace $few pace=16
  sleep 1.5
  spent bpftrace
  kill -TERM $pid
  wait $pid
  wc -c < /tmp/bpftrace.txt | sed 's/^/bytes /' >> /out/storm/bpftrace
  grep -c '^EV ' /tmp/bpftrace.txt | sed 's/^/lines /' >> /out/storm/bpftrace
  head -60 /tmp/bpftrace.txt > /out/storm/bpftrace.head

  grep -h Lost /tmp/bpftrace.txt /out/storm/bpftrace.err |
    awk '{ n += $2 } END { print "lost", n + 0 }' >> /out/storm/bpftrace
  rm /tmp/bpftrace.txt
fi
rmdir $count
