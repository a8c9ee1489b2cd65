#!/bin/sh
# First process of the guest: makes each kind of stack, keeps the text in /out/text, and what the
# truth is made of (kallsyms, places of modules) beside it; writes /out as a tar onto the disk.
export PATH=/usr/sbin:/usr/bin HOME=/root LC_ALL=C TMPDIR=/tmp
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs dev /dev
mkdir -p /dev/shm /cg /tmp /run /out
ln -s /proc/self/fd /dev/fd
for d in /dev/shm /tmp /run /out; do mount -t tmpfs tmpfs $d; done
chmod 1777 /tmp
mount -t tracefs tracefs /sys/kernel/tracing
mount -t debugfs debugfs /sys/kernel/debug
mount -t cgroup2 cgroup /cg
mkdir -p /dev/net /run/netns /out/text /out/modules
modprobe -a virtio_pci virtio_blk
ip link set lo up
hostname guest
T=/sys/kernel/tracing
X=/out/text
echo 0 > /proc/sys/kernel/kptr_restrict
echo 511 > /proc/sys/kernel/sysrq
. /lab/shared.sh
say() { echo "stacks: $(cut -d' ' -f1 /proc/uptime) $*" > /dev/console; }

# What the kernel logged since the last call.
logged() { dmesg -c > "$X/$1.txt"; }

# A word for the module from a task of its own, which may die of it.
trouble() { sh -c "echo $1 > /proc/trouble" 2> /dev/null; }

bring_out() {
  cat /proc/kallsyms > /out/kallsyms
  cat /proc/modules > /out/proc-modules
  for m in /sys/module/*/sections; do
    name=${m%/sections}
    name=${name##*/}
    (cd $m && for s in .[!.]* [!.]*; do [ -f "$s" ] && echo "$s $(cat $s)"; done) > /out/modules/$name
  done
  uname -r > /out/release
  tar -c -f - -C /out . > /dev/vda
  sync
}

# A kernel that has oopsed prints no stack when it panics: the crash is of another boot.
if grep -q stacks.crash /proc/cmdline; then
  insmod /lab/dropsite_trouble.ko
  bring_out
  dmesg -n 8
  echo c > /proc/sysrq-trigger
fi

hosts > /out/hosts.log 2>&1
say hosts
modprobe -a nf_tables nf_conntrack veth bridge
a nft add table inet t
a nft 'add chain inet t out { type filter hook output priority 0; }'
a nft add rule inet t out udp dport 4001 counter drop
br nft add table bridge t
br nft 'add chain bridge t f { type filter hook forward priority 0; }'
br nft add rule bridge t f ip protocol udp udp dport 4005 drop
drops() {
  a tg udp dst=10.2.0.2 port=4001
  h1 tg udp dst=10.3.0.2 port=4005
  a tg udp dst=10.2.0.2 port=4002
  a tg udp dst=fd02::2 port=4003
  tg udp dst=127.0.0.1 port=9
} > /dev/null 2>&1
drops
dmesg -c > /dev/null

# --- the kernel's own reports -----------------------------------------------------------------------
cat /proc/kallsyms > /out/kallsyms.before
insmod /lab/dropsite_trouble.ko
# The init section is gone by the time that anybody asks; kallsyms of the moment is not to be had.
logged init
for word in warn dump tail soft hard; do
  trouble $word
  sleep 0.2
  logged $word
done
echo 1 > /proc/sys/kernel/hung_task_check_interval_secs
echo 2 > /proc/sys/kernel/hung_task_timeout_secs
sh -c 'echo hang > /proc/trouble' &
hung=$!
for i in $(seq 40); do dmesg | grep -q 'blocked for more' && break; sleep 0.3; done
echo 0 > /proc/sys/kernel/hung_task_timeout_secs
sleep 0.2
logged hung-task
say hung

echo w > /proc/sysrq-trigger
sleep 0.2
logged sysrq-w
echo t > /proc/sysrq-trigger
sleep 1
logged sysrq-t
cat $(dirname $(grep -l trouble/sleep /proc/[0-9]*/comm))/stack > $X/proc-stack-kthread.txt
cat /proc/$hung/stack > $X/proc-stack-hung.txt
sleep 1000 &
sleep 0.5
cat /proc/$!/stack > $X/proc-stack-sleep.txt
kill $!
cat /proc/self/stack > $X/proc-stack-self.txt
sh -c 'cat /proc/$$/task/$$/stack; :' > $X/proc-stack-task.txt
dmesg -c > /dev/null

# Another processor spins: its stack comes by an NMI.
trouble aside
sleep 1
echo l > /proc/sysrq-trigger
sleep 1
logged sysrq-l
sleep 8
dmesg -c > /dev/null
say sysrq

echo 0 > /proc/sys/kernel/soft_watchdog
echo 3 > /sys/module/rcupdate/parameters/rcu_cpu_stall_timeout
trouble spin
sleep 1
logged rcu-stall
echo 60 > /sys/module/rcupdate/parameters/rcu_cpu_stall_timeout
echo 1 > /proc/sys/kernel/soft_watchdog
echo 2 > /proc/sys/kernel/watchdog_thresh
trouble spin
sleep 1
logged soft-lockup
echo 0 > /proc/sys/kernel/watchdog
dmesg -c > /dev/null
bring_out
say stalls

# --- ftrace -----------------------------------------------------------------------------------------
some() { drops; trouble free; }
ftraced() { # NAME
  sleep 0.3
  cat $T/trace > $X/ftrace-$1.txt
  echo > $T/trace
}
echo 0 > $T/options/hash-ptr
echo 1 > $T/options/stacktrace
for variant in name offset address offset-address; do
  case $variant in *offset*) echo 1 > $T/options/sym-offset ;; *) echo 0 > $T/options/sym-offset ;; esac
  case $variant in *address) echo 1 > $T/options/sym-addr ;; *) echo 0 > $T/options/sym-addr ;; esac
  echo 1 > $T/events/skb/kfree_skb/enable
  some
  echo 0 > $T/events/skb/kfree_skb/enable
  ftraced $variant
done
echo 0 > $T/options/stacktrace
echo stacktrace > $T/events/skb/kfree_skb/trigger
some
echo '!stacktrace' > $T/events/skb/kfree_skb/trigger
ftraced trigger
for key in stacktrace common_stacktrace; do
  echo "hist:keys=$key" > $T/events/skb/kfree_skb/trigger 2> /dev/null || continue
  some
  cat $T/events/skb/kfree_skb/hist > $X/hist-$key.txt
  echo "!hist:keys=$key" > $T/events/skb/kfree_skb/trigger
done
for f in nf_hook_slow nft_do_chain; do echo $f; done > $T/set_ftrace_filter
echo function > $T/current_tracer
echo 1 > $T/options/func_stack_trace
some
sleep 0.3
cat $T/trace > $X/ftrace-function.txt
echo 0 > $T/options/func_stack_trace
echo nop > $T/current_tracer
echo > $T/set_ftrace_filter
echo 0 > $T/options/sym-addr
echo 0 > $T/options/sym-offset
bring_out
say ftrace

# --- tools ------------------------------------------------------------------------------------------
cd /tmp
(trace-cmd record -e skb:kfree_skb -T sh -c '
  echo go > /tmp/go; until [ -e /tmp/done ]; do sleep 0.1; done') > /dev/null 2> /out/trace-cmd.err &
for i in $(seq 50); do [ -e /tmp/go ] && break; sleep 0.2; done
some
touch /tmp/done
wait $!
trace-cmd report > $X/trace-cmd.txt 2>> /out/trace-cmd.err
rm -f trace.dat /tmp/go /tmp/done
say trace-cmd

perf record -o drops.data -e skb:kfree_skb -a -g --kernel-callchains sleep 6 2> /out/perf.err > /dev/null &
sleep 3
some
wait $!
perf script -i drops.data > $X/perf-drops.txt 2>> /out/perf.err
perf script -i drops.data --header > $X/perf-drops-header.txt 2>> /out/perf.err
perf script -i drops.data -F comm,pid,cpu,time,event,ip,sym,dso > $X/perf-drops-no-offset.txt 2>> /out/perf.err
perf script -i drops.data -F comm,tid,time,event,ip > $X/perf-drops-hex.txt 2>> /out/perf.err
perf script -i drops.data -F comm,tid,time,event,ip,sym,symoff > $X/perf-drops-no-dso.txt 2>> /out/perf.err
awk -f /lab/fold.awk $X/perf-drops.txt > $X/folded-drops.txt
perf record -o clock.data -e cpu-clock -F 49 -g sh -c '. /lab/shared.sh; for i in 1 2 3; do a tg udp dst=10.2.0.2 port=4001; done' 2>> /out/perf.err > /dev/null
perf script -i clock.data > $X/perf-clock.txt 2>> /out/perf.err
awk -v marked=1 -f /lab/fold.awk $X/perf-clock.txt > $X/folded-clock.txt
bring_out
say perf

# At the same time, since each takes long to start.
traced() { # NAME PROGRAM
  bpftrace -B none -e "BEGIN { printf(\"ready\n\"); } $2" > $X/bpftrace-$1.txt 2> /out/bpftrace-$1.err &
  tracers="$tracers $!"
}
tracers=
traced default 'tracepoint:skb:kfree_skb { printf("%s %d%s\n", comm, args->protocol, kstack); }'
traced perf 'tracepoint:skb:kfree_skb { printf("%s%s\n", comm, kstack(perf)); }'
traced map 'tracepoint:skb:kfree_skb { @[kstack] = count(); @three[comm, kstack(3)] = count(); }'
traced map-perf 'tracepoint:skb:kfree_skb { @[kstack(perf)] = count(); }'
traced kprobe 'kprobe:nf_hook_slow { printf("%s%s\n", comm, kstack); }'
for i in $(seq 150); do [ $(grep -l ready $X/bpftrace-*.txt | wc -l) = 5 ] && break; sleep 1; done
sleep 2
some
sleep 10
kill -INT $tracers
wait $tracers
# This bpftrace has no raw mode: the addresses that its perf mode prints, without their names.
sed -E 's/^\t([0-9a-f]+) .*/\t0x\1/' $X/bpftrace-perf.txt > $X/bpftrace-hex.txt
say bpftrace

modprobe drop_monitor
mkfifo /tmp/words
watched() { # NAME
  dropwatch -l kas < /tmp/words > $X/dropwatch-$1.txt 2>&1 &
  exec 3> /tmp/words
  echo "set alertmode $1" >&3
  echo start >&3
  sleep 2
  some
  some
  sleep 2
  # It takes words again after that.
  kill -INT $!
  sleep 1
  echo stop >&3
  sleep 1
  echo exit >&3
  exec 3>&-
  sleep 1
  kill -KILL $! 2> /dev/null
}
watched summary
watched packet
say dropwatch

# --- oopses: after them the kernel finds no hung tasks, and tracing is off ---------------------------
for word in oops jump; do
  trouble $word
  sleep 0.2
  logged $word
done
trouble bug
sleep 0.2
for form in -x -T -r --time-format=iso --time-format=delta; do
  name=${form#--time-format=}
  dmesg $form > $X/bug-dmesg-${name#-}.txt
done
logged bug
say oopses
if [ -e /sys/module/kfence ]; then
  echo 100 > /sys/module/kfence/parameters/sample_interval
  trouble uaf
  sleep 0.2
  # The first of many reports.
  logged kfence
  awk '/ =====/ { n++ } { print } n == 2 { exit }' $X/kfence.txt > $X/kfence.new
  mv $X/kfence.new $X/kfence.txt
fi

bring_out
say brought out
poweroff -f
