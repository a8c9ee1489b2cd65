# What goes wrong: each case ends in a valid file or one clear message, and nothing stays in the
# kernel. A case writes its name, the exit status, and whether it recorded, to /out/faults/cases.

mkdir -p /out/faults /mnt

attached() {
  bpftool prog list 2> /dev/null | grep -E '^[0-9]+:' | sed 's/^[0-9]*: //' | sort
  bpftool link list 2> /dev/null | grep -E '^[0-9]+:' | sed 's/^[0-9]*: //'
  ls /sys/kernel/tracing/instances
  cat /sys/kernel/tracing/dynamic_events
}
attached > /tmp/attached

# The kernel frees programs of a killed process a moment later.
clean() { # CASE
  for i in 1 2 3 4 5 6 7 8 9 10; do
    attached > /tmp/now
    cmp -s /tmp/attached /tmp/now && return
    sleep 0.2
  done
  diff /tmp/attached /tmp/now | grep '^[<>]' | sed "s/^/left $1: /" >> /out/faults/cases
}

# fault NAME COMMAND...: a run that ends by itself, in the foreground.
fault() {
  local name=$1 status=0
  shift
  timeout -s KILL 40 "$@" > /out/faults/$name.std 2> /out/faults/$name.err || status=$?
  echo "case $name $status" >> /out/faults/cases
  clean $name
}

record() { # NAME OPTIONS...: what fault runs
  echo "$dropsite capture -o /out/faults/$1.drops.pcapng"
}

drops() {
  tg flood dst=127.0.0.1 port=9 n=${1:-200} > /dev/null
}

# --- ends that are asked for ---------------------------------------------------------------------
for source in $(echo "$lab_sources" | tr , ' '); do
  drops 3000 &
  fault duration-$source $(record duration-$source) --source $source --duration 2s
  fault events-$source sh -c "(sleep 4; tg flood dst=127.0.0.1 port=9 n=300) &
    exec $(record events-$source) --source $source --max-events 50"
  fault interrupt-$source timeout -s INT 6 $(record interrupt-$source) --source $source
  fault hangup-$source timeout -s HUP 6 $(record hangup-$source) --source $source
  fault terminate-$source timeout -s TERM 6 $(record terminate-$source) --source $source

  # The process that started it dies; what it recorded is whole, and it goes on no longer than told.
  sh -c "$(record orphan-$source) --source $source --duration 4s 2> /out/faults/orphan-$source.err &
    echo \$! > /tmp/orphan; sleep 3; kill -9 \$\$" 2> /dev/null
  for i in $(seq 100); do [ -e /proc/$(cat /tmp/orphan)/stat ] || break; sleep 0.2; done
  [ ! -e /proc/$(cat /tmp/orphan)/stat ] || echo "left orphan-$source: the process" >> /out/faults/cases
  echo "case orphan-$source 0" >> /out/faults/cases
  clean orphan-$source

  # A disk that fills up.
  mkdir -p /mnt/full
  mount -t tmpfs -o size=2m tmpfs /mnt/full
  (sleep 3; drops 20000; sleep 1; drops 20000) &
  fault full-$source $dropsite capture -o /mnt/full/x.drops.pcapng --source $source --duration 15s \
    --max-rate 0
  cp /mnt/full/x.drops.pcapng /out/faults/full-$source.drops.pcapng
  umount /mnt/full
  wait
done

# --- things that are missing ---------------------------------------------------------------------
: > /out/faults/there.drops.pcapng
fault there $dropsite capture -o /out/faults/there.drops.pcapng --duration 1s
fault nowhere $dropsite capture -o /nowhere/x.drops.pcapng --duration 1s
fault readonly $dropsite capture -o /proc/x.drops.pcapng --duration 1s

for source in $(echo "$lab_sources" | tr , ' ') auto; do
  mkdir -p /tmp/nobody && chown nobody /tmp/nobody
  fault nobody-$source /usr/bin/setpriv --reuid 65534 --regid 65534 --clear-groups \
    $dropsite capture -o /tmp/nobody/x.drops.pcapng --force --source $source --duration 1s
  rm -rf /tmp/nobody

  (sleep 4; drops) &
  mount -t tmpfs tmpfs /sys/kernel/btf
  fault nobtf-$source $(record nobtf-$source) --source $source --duration 4s
  umount /sys/kernel/btf
  wait

  (sleep 4; drops) &
  : > /tmp/empty
  mount --bind /tmp/empty /usr/lib/x86_64-linux-gnu/libbpf.so.1
  fault nolibbpf-$source $(record nolibbpf-$source) --source $source --duration 4s
  umount /usr/lib/x86_64-linux-gnu/libbpf.so.1
  wait
done

# The tracepoint is not there: the kernel's types name another, and tracefs has no events.
cp /sys/kernel/btf/vmlinux /tmp/vmlinux
at=$(strings -t d /tmp/vmlinux | awk '$2 == "btf_trace_kfree_skb" { print $1; exit }')
printf X | dd of=/tmp/vmlinux bs=1 seek=$((at + 18)) conv=notrunc 2> /dev/null
mount --bind /tmp/vmlinux /sys/kernel/btf/vmlinux
fault noprobe-bpf $(record noprobe-bpf) --source bpf --duration 2s
umount /sys/kernel/btf/vmlinux
rm /tmp/vmlinux
mount -t tmpfs tmpfs /sys/kernel/tracing
timeout -s KILL 40 $(record noprobe-tracefs) --source tracefs --duration 2s \
  > /out/faults/noprobe-tracefs.std 2> /out/faults/noprobe-tracefs.err
echo "case noprobe-tracefs $?" >> /out/faults/cases
umount /sys/kernel/tracing
clean noprobe-tracefs

# --- killed at any moment, while packets are dropped all the time ---------------------------------
tg flood dst=127.0.0.1 port=9 n=2000000000 > /dev/null &
flood=$!
renice -n 19 -p $flood 2> /dev/null
n=0
while [ $n -lt ${lab_kills:-25} ]; do
  for source in $(echo "$lab_sources" | tr , ' '); do
    n=$((n + 1))
    name=kill-$(printf %02d $n)-$source
    $(record $name) --source $source --max-rate 500 2> /out/faults/$name.err > /dev/null &
    pid=$!
    # From before the probe is in to well after: 0.3 to 4.8 seconds.
    sleep $(awk -v n=$n -v s=$(od -An -N2 -tu2 /dev/urandom) 'BEGIN { print 0.3 + s / 65536 * 4.5 }')
    kill -9 $pid
    wait $pid 2> /dev/null
    echo "case $name 137" >> /out/faults/cases
    # Only the next run can take a trace instance away.
    [ $source = tracefs ] || [ -n "$(ls /sys/kernel/tracing/instances)" ] || clean $name
  done
done
kill $flood
wait
for source in $(echo "$lab_sources" | tr , ' '); do
  fault afterwards-$source $(record afterwards-$source) --source $source --duration 1s
done
