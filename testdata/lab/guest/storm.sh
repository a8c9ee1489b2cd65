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

count_from_now() {
  echo 'hist:keys=protocol' > $count/events/skb/kfree_skb/trigger
}

counted() { # NAME: every drop since count_from_now
  echo "hits $(hits)" >> /out/storm/$1
  echo '!hist:keys=protocol' > $count/events/skb/kfree_skb/trigger
}

flood() {
  tg flood dst=127.0.0.1 port=9 size=64 "$@"
}

# measure NAME KEY FLOOD...: what the whole box works for these drops, until nothing of them is left to
# do, after some that warm up what records.
measure() {
  local name=$1 key=$2
  shift 2
  flood n=500 $slowly > /dev/null
  sleep 1
  busy > /tmp/busy
  flood "$@" > /tmp/flood
  sleep 4
  echo "$key $(cat /tmp/flood) $(awk -v now=$(busy) '{ printf "%.0f", now - $1 }' /tmp/busy)" >> /out/storm/$name
}

watch_memory() { # PID NAME
  while [ -e /proc/$1/status ]; do
    awk '/^VmRSS/ { print $2 }' /proc/$1/status >> /out/storm/$2.memory 2> /dev/null
    sleep 0.5
  done
}

# So slow that bpftrace keeps up: what a drop costs, without what losing it saves.
slowly='pace=25'
few=1500
count_from_now
measure nothing paced n=$few $slowly
measure nothing full n=$((lab_drops / 10))
counted nothing

for source in $(echo "$lab_sources" | tr , ' '); do
  name=storm.$source
  capture $name --source $source --max-rate 0 --buffer 8M --no-snapshot all --snaplen 96 || continue
  count_from_now
  watch_memory $pid $name &
  measure $name paced n=$few $slowly
  if echo ",$lab_ends," | grep -q ",$source,"; then
    measure $name full n=$lab_drops
  fi
  # The process does not come to take events, as on a box that has no time for it: now some are lost.
  kill -STOP $pid
  echo "stopped $(flood n=60000)" >> /out/storm/$name
  kill -CONT $pid
  sleep 2
  release $name
  counted $name
  mv /out/$name.* /out/storm/
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
  count_from_now
  measure bpftrace paced n=$few $slowly
  kill -TERM $pid
  wait $pid
  counted bpftrace
  grep -c '^EV ' /tmp/bpftrace.txt | sed 's/^/lines /' >> /out/storm/bpftrace
  head -60 /tmp/bpftrace.txt > /out/storm/bpftrace.head
  grep -h Lost /tmp/bpftrace.txt /out/storm/bpftrace.err |
    awk '{ n += $2 } END { print "lost", n + 0 }' >> /out/storm/bpftrace
  rm /tmp/bpftrace.txt
fi
rmdir $count
