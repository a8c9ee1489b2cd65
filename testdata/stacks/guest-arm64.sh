#!/bin/sh
# First process of the arm64 guest, which has busybox only: some of what guest.sh makes.
export PATH=/usr/bin HOME=/root LC_ALL=C
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs dev /dev
mount -t tracefs tracefs /sys/kernel/tracing
mount -t tmpfs tmpfs /out
mkdir -p /out/text /out/modules
modprobe virtio_pci
modprobe virtio_blk
ip link set lo up
X=/out/text
T=/sys/kernel/tracing
echo 511 > /proc/sys/kernel/sysrq
say() { echo "stacks: $(cut -d' ' -f1 /proc/uptime) $*" > /dev/console; }
logged() {
  sleep 0.3
  dmesg -c > "$X/$1.txt"
}
trouble() { sh -c "echo $1 > /proc/trouble" 2> /dev/null; }

dmesg -c > /dev/null
insmod /lab/dropsite_trouble.ko
logged init
for word in warn dump tail soft hard; do
  trouble $word
  logged $word
done
echo 1 > /proc/sys/kernel/hung_task_check_interval_secs
echo 2 > /proc/sys/kernel/hung_task_timeout_secs
sh -c 'echo hang > /proc/trouble' &
hung=$!
for i in $(seq 40); do dmesg | grep -q 'blocked for more' && break; sleep 0.3; done
echo 0 > /proc/sys/kernel/hung_task_timeout_secs
logged hung-task
cat /proc/$hung/stack > $X/proc-stack-hung.txt
echo w > /proc/sysrq-trigger
logged sysrq-w
trouble aside
sleep 1
echo l > /proc/sysrq-trigger
sleep 1
logged sysrq-l
sleep 8
dmesg -c > /dev/null
say sysrq
echo 0 > $T/options/hash-ptr
echo 1 > $T/options/stacktrace
echo 1 > $T/options/sym-offset
echo 1 > $T/options/sym-addr
echo 1 > $T/events/skb/kfree_skb/enable
trouble free
echo x | nc -u -w 1 127.0.0.1 9
sleep 0.3
cat $T/trace > $X/ftrace-offset-address.txt
echo 0 > $T/events/skb/kfree_skb/enable
for word in oops jump bug; do
  trouble $word
  logged $word
done
say oopses
cat /proc/kallsyms > /out/kallsyms
cat /proc/modules > /out/proc-modules
for m in /sys/module/*/sections; do
  name=${m%/sections}
  name=${name##*/}
  (cd $m && for s in .[!.]*; do [ -f "$s" ] && echo "$s $(cat $s)"; done) > /out/modules/$name
done
uname -r > /out/release
tar -c -f - -C /out . > /dev/vda
sync
poweroff -f
