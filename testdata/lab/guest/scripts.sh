# What the scripts of bpf/ record where nothing is installed: a few drops of known function and
# packet, at the same time by both; the second of them from a task whose name holds what looks like a
# stack. Then how capture.sh ends, and what it leaves.

mkdir -p /out/scripts
[ -e /run/netns/a ] || hosts
a nft add table inet t
a nft 'add chain inet t out { type filter hook output priority 0; }'
a nft add rule inet t out udp dport 4001 counter drop
br nft add table bridge t
br nft 'add chain bridge t f { type filter hook forward priority 0; }'
br nft add rule bridge t f ip protocol udp udp dport 4005 drop
hostile="/tmp/$(printf 'x\n => ab\n1-2')"
cp /usr/bin/tg "$hostile"
a tg udp dst=10.2.0.2 port=4002
cut -d' ' -f1,2 /proc/modules > /out/scripts/modules.before
a nft list ruleset > /out/scripts/rules.before

script=/lab/drops.bt
grep -q reason /sys/kernel/tracing/events/skb/kfree_skb/format || script=/lab/drops-noreason.bt
BPFTRACE_CAT_BYTES_MAX=1000000 bpftrace $script > /out/scripts/bpftrace.txt 2> /out/scripts/bpftrace.err &
bpftrace=$!
sh /lab/capture.sh -o /out/scripts/capture.txt 2> /out/scripts/capture.err &
capture=$!
for i in $(seq 300); do grep -q recording /out/scripts/capture.err && break; sleep 0.2; done
for i in $(seq 300); do grep -q '> events <' /out/scripts/bpftrace.txt && break; sleep 0.2; done
sleep 2

a tg udp dst=10.2.0.2 port=4001
a "$hostile" udp dst=10.2.0.2 port=4002
a tg udp dst=fd02::2 port=4003
a tg tcp dst=10.2.0.2 port=4004 ms=200
h1 tg udp dst=10.3.0.2 port=4005
sleep 1

kill -INT $bpftrace
kill -TERM $capture
wait $bpftrace
status=0
wait $capture || status=$?
echo "capture.sh ended with $status"
ls /sys/kernel/tracing/instances > /out/scripts/instances.after
cut -d' ' -f1,2 /proc/modules > /out/scripts/modules.after
a nft list ruleset > /out/scripts/rules.after
namespaces > /out/scripts/namespaces

# Killed: the instance goes all the same; killed with all that belongs to it: the next run removes it.
sh /lab/capture.sh --no-snapshot -o /out/scripts/killed.txt 2> /out/scripts/killed.err &
sleep 4
kill -KILL $!
sleep 3
ls /sys/kernel/tracing/instances > /out/scripts/instances.killed
mkdir /sys/kernel/tracing/instances/dropsite-sh.1.1
sh /lab/capture.sh --no-snapshot -d 1 -o /out/scripts/next.txt 2> /out/scripts/next.err
ls /sys/kernel/tracing/instances > /out/scripts/instances.next
a nft delete table inet t
br nft delete table bridge t
rm "$hostile"
