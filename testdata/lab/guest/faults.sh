# What goes wrong: each case ends in a valid file or one clear message, and nothing stays in the
# kernel. A case writes its name and exit status to /out/faults/cases, and what stayed.

mkdir -p /out/faults /mnt/full

attached() {
  bpftool prog list 2> /dev/null | grep -E '^[0-9]+:' | sed 's/^[0-9]*: //' | sort
  bpftool link list 2> /dev/null | grep -E '^[0-9]+:' | sed 's/^[0-9]*: //'
  ls /sys/kernel/tracing/instances
  cat /sys/kernel/tracing/dynamic_events
}
attached > /tmp/attached

# The kernel frees programs of a killed process a moment later, and a guardian its trace instance.
clean() { # CASE
  local until
  until=$(($(cut -d. -f1 /proc/uptime) + 6))
  while [ $(cut -d. -f1 /proc/uptime) -lt $until ]; do
    attached > /tmp/now
    cmp -s /tmp/attached /tmp/now && return
    sleep 0.2
  done
  diff /tmp/attached /tmp/now | grep '^[<>]' | sed "s/^/left $1: /" >> /out/faults/cases
}

drops() {
  tg flood dst=127.0.0.1 port=9 n="${1:-200}" > /dev/null
}

ended() { # CASE STATUS
  echo "lab: $(cut -d' ' -f1 /proc/uptime) $1 $2" > /dev/console
  echo "case $1 $2" >> /out/faults/cases
  clean "$1"
}

# A run that ends by itself: refused CASE COMMAND...
refused() {
  local name=$1 status=0
  shift
  timeout -s KILL 60 "$@" > /out/faults/$name.std 2> /out/faults/$name.err || status=$?
  ended $name $status
}

# A recording in the background, ready when this returns: record CASE OPTIONS... (looked at seldom:
# what looks takes the processor from what starts).
record() {
  name=$1
  shift
  tg run $dropsite capture -o ${file:-/out/faults/$name.drops.pcapng} --no-snapshot all "$@" \
    > /out/faults/$name.std 2> /out/faults/$name.err &
  pid=$!
  for _ in $(seq 200); do
    grep -q recording /out/faults/$name.err && return
    [ -e /proc/$pid ] || break
    sleep 0.3
  done
  [ ! -e /proc/$pid ] || echo "left $name: not ready" >> /out/faults/cases
}

# Waits until a recording has ended by itself.
over() { # SECONDS
  local status=0
  for _ in $(seq $(($1 * 5))); do
    grep -q '^State:.Z' /proc/$pid/status 2> /dev/null || [ ! -e /proc/$pid ] && break
    sleep 0.2
  done
  kill -9 $pid 2> /dev/null
  wait $pid || status=$?
  ended $name $status
}

for source in $(echo "$lab_ends" | tr , ' '); do
  # --- ends that are asked for -------------------------------------------------------------------
  record duration-$source --source $source --duration 2s
  drops
  over 20
  record events-$source --source $source --max-events 50
  drops 300
  over 20
  for signal in INT HUP TERM; do
    record signal$signal-$source --source $source
    drops
    kill -$signal $pid
    over 20
  done

  # The process that started it dies: what it recorded is whole, and it ends by itself.
  name=orphan-$source
  sh -c "tg run $dropsite capture -o /out/faults/$name.drops.pcapng --no-snapshot all \
    --source $source 2> /out/faults/$name.err & echo \$! > /tmp/orphan
    until grep -q recording /out/faults/$name.err; do sleep 0.3; done
    tg flood dst=127.0.0.1 port=9 n=200; kill -9 \$\$" > /dev/null 2>&1
  pid=$(cat /tmp/orphan)
  since=$(cut -d. -f1 /proc/uptime)
  while [ -e /proc/$pid ] && [ $(($(cut -d. -f1 /proc/uptime) - since)) -le 5 ]; do sleep 0.2; done
  if [ -e /proc/$pid ]; then
    echo "left $name: the process, $(grep -E '^(State|PPid|SigIgn)' /proc/$pid/status | tr '\n' ' ')" \
      >> /out/faults/cases
    kill -9 $pid
  fi
  ended $name 0

  # A disk that fills up.
  mount -t tmpfs -o size=2m tmpfs /mnt/full
  file=/mnt/full/x.drops.pcapng
  record full-$source --source $source --max-rate 0
  file=
  for _ in $(seq 20); do [ -e /proc/$pid/fd/0 ] && drops 2000 && sleep 0.3; done
  over 20
  cp /mnt/full/x.drops.pcapng /out/faults/full-$source.drops.pcapng
  umount /mnt/full
done

# --- what forbids a recording ----------------------------------------------------------------------
missing() { # PART: whether this guest is to try it
  echo ",$lab_missing," | grep -q ",$1,"
}
all=$(echo "$lab_sources" | tr , ' ')

if missing files; then
  refused doctor $dropsite doctor
  : > /out/faults/there.drops.pcapng
  refused there $dropsite capture -o /out/faults/there.drops.pcapng --duration 1s
  refused nowhere $dropsite capture -o /nowhere/x.drops.pcapng --duration 1s
  mount -t tmpfs -o ro tmpfs /mnt/full
  refused readonly $dropsite capture -o /mnt/full/x.drops.pcapng --duration 1s
  umount /mnt/full
fi

if missing root; then
  mkdir -p /tmp/nobody && chown nobody /tmp/nobody
  nobody="/usr/bin/setpriv --reuid 65534 --regid 65534 --clear-groups"
  refused doctor-nobody $nobody $dropsite doctor
  for source in $all auto; do
    refused nobody-$source $nobody $dropsite capture -o /tmp/nobody/x.drops.pcapng --force \
      --source $source --duration 1s
  done
  rm -rf /tmp/nobody
fi

if missing btf; then
  mount -t tmpfs tmpfs /sys/kernel/btf
  for source in $all auto; do
    record nobtf-$source --source $source --duration 2s
    drops
    over 20
  done
  umount /sys/kernel/btf
fi

if missing libbpf; then
  : > /tmp/empty
  mount --bind /tmp/empty /usr/lib/x86_64-linux-gnu/libbpf.so.1
  for source in $all auto; do
    record nolibbpf-$source --source $source --duration 2s
    drops
    over 20
  done
  umount /usr/lib/x86_64-linux-gnu/libbpf.so.1
  rm /tmp/empty
fi

# The tracepoint is not there: the kernel's types name another, and tracefs has no events.
if missing probe; then
  cp /sys/kernel/btf/vmlinux /tmp/vmlinux
  at=$(strings -t d /tmp/vmlinux | awk '$2 == "btf_trace_kfree_skb" { print $1; exit }')
  printf X | dd of=/tmp/vmlinux bs=1 seek=$((at + 18)) conv=notrunc 2> /dev/null
  mount --bind /tmp/vmlinux /sys/kernel/btf/vmlinux
  refused noprobe-bpf $dropsite capture -o /out/faults/noprobe-bpf.drops.pcapng --source bpf \
    --duration 2s
  umount /sys/kernel/btf/vmlinux
  rm /tmp/vmlinux
  mount -t tmpfs tmpfs /sys/kernel/tracing
  status=0
  timeout -s KILL 60 $dropsite capture -o /out/faults/noprobe-tracefs.drops.pcapng --source tracefs \
    --duration 2s > /out/faults/noprobe-tracefs.std 2> /out/faults/noprobe-tracefs.err || status=$?
  umount /sys/kernel/tracing
  ended noprobe-tracefs $status
fi

# --- killed at any moment, while packets are dropped all the time ---------------------------------
tg flood dst=127.0.0.1 port=9 n=2000000000 pace=5 > /dev/null &
flood=$!
n=0
while [ $n -lt $lab_kills ]; do
  for source in $all; do
    [ $n -lt $lab_kills ] || break
    n=$((n + 1))
    fraction=$(od -An -N2 -tu2 /dev/urandom | awk '{ print $1 / 65536 }')
    name=kill-$(printf %02d $n)-$source
    if [ $((n % 3)) -ne 0 ]; then
      # While it starts, or soon after.
      $dropsite capture -o /out/faults/$name.drops.pcapng --no-snapshot all --source $source \
        2> /out/faults/$name.err > /dev/null &
      pid=$!
      sleep $(awk -v f=$fraction 'BEGIN { print 0.2 + f * 12 }')
    else
      # While it records.
      record $name --source $source
      sleep $(awk -v f=$fraction 'BEGIN { print f * 3 }')
    fi
    kill -9 $pid
    wait $pid 2> /dev/null
    ended $name 137
  done
done
kill $flood
wait
