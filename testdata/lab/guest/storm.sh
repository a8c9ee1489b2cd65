# As many drops as the box can make, on the loopback, to a port that nobody has: how many are seen and
# lost against the kernel's own count, and what recording costs beside bpftrace and beside nothing.

mkdir -p /out/storm
count=/sys/kernel/tracing/instances/count
mkdir $count

hits() { # what the histogram of another trace instance has counted
  sed -n 's/^ *Hits: *//p' $count/events/skb/kfree_skb/hist
}

busy() { # jiffies of all CPUs that were not idle
  awk '$1 == "cpu" { print $2 + $3 + $4 + $7 + $8; exit }' /proc/stat
}

storm() { # NAME DROPS: floods, and says what it took; $pid may be a process to watch
  local before seen
  echo 'hist:keys=protocol' > $count/events/skb/kfree_skb/trigger
  before=$(busy)
  tg flood dst=127.0.0.1 port=9 n=$2 size=64 > /tmp/flood
  seen=$(hits)
  echo '!hist:keys=protocol' > $count/events/skb/kfree_skb/trigger
  echo "hits $seen" > /out/storm/$1
  echo "flood $(cat /tmp/flood)" >> /out/storm/$1
  echo $before > /tmp/busy
}

spent() { # NAME: once everything has been written
  echo "busy $(($(busy) - $(cat /tmp/busy)))" >> /out/storm/$1
}

watch_memory() { # PID NAME
  while [ -e /proc/$1/status ]; do
    awk '/^VmRSS/ { print $2 }' /proc/$1/status >> /out/storm/$2.memory 2> /dev/null
    sleep 0.5
  done
}

# Everything once for warmth: the first packets load what they need.
storm warm 2000
compare=$((lab_drops / 10))
storm nothing $compare
spent nothing

for source in $(echo "$lab_sources" | tr , ' '); do
  for size in compare full; do
    name=storm.$source.$size
    n=$lab_drops
    [ $size = full ] || n=$compare
    capture $name --source $source --max-rate 0 --no-snapshot all --snaplen 96 || continue
    watch_memory $pid $name &
    storm $name $n
    sleep 1.5
    release $name
    spent $name
    mv /out/$name.* /out/storm/
  done
done

if [ -n "$(ls /lab/*.bt 2> /dev/null)" ]; then
  script=/lab/drops.bt
  grep -q reason $count/events/skb/kfree_skb/format || script=/lab/drops-noreason.bt
  BPFTRACE_STRLEN=64 bpftrace $script > /tmp/bpftrace.txt 2> /out/storm/bpftrace.err &
  pid=$!
  # Its first line comes once the probe is in.
  for i in $(seq 300); do [ -s /tmp/bpftrace.txt ] && break; sleep 0.2; done
  sleep 2
  storm bpftrace $compare
  sleep 1.5
  kill -INT $pid; kill -TERM $pid
  wait $pid
  spent bpftrace
  wc -c < /tmp/bpftrace.txt | sed 's/^/bytes /' >> /out/storm/bpftrace
  grep -c '^EV ' /tmp/bpftrace.txt | sed 's/^/lines /' >> /out/storm/bpftrace
  head -60 /tmp/bpftrace.txt > /out/storm/bpftrace.head

  grep -h 'Lost' /tmp/bpftrace.txt /out/storm/bpftrace.err | awk '{ n += $2 } END { print "lost", n + 0 }' \
    >> /out/storm/bpftrace
  rm /tmp/bpftrace.txt
fi
rmdir $count
