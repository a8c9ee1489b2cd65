# Every scenario once, under one capture of each source (lab.sources). What was done, and when, goes
# to /out/truth; the steps come from scenarios.txt.

truth=/out/truth
[ -e /run/netns/a ] || hosts
namespaces > /out/namespaces
modprobe -a br_netfilter nf_conntrack 2> /dev/null
br sh -c "echo 0 > /proc/sys/net/bridge/bridge-nf-call-iptables"
echo 0 > /proc/sys/net/bridge/bridge-nf-call-iptables
conntrack_max=$(cat /proc/sys/net/netfilter/nf_conntrack_max)
mkdir -p /sys/fs/bpf/small
bpftool prog loadall /lab/small.bpf.o /sys/fs/bpf/small
ls /sys/fs/bpf/small

captures=
if [ -n "$lab_text" ]; then . /lab/text.sh; fi
for source in $(echo "$lab_sources" | tr , ' '); do
  case $source in
    bpf | tracefs) capture $source --source $source && captures="$captures $source" ;;
    bpftrace)
      script=/lab/drops.bt
      grep -q reason /sys/kernel/tracing/events/skb/kfree_skb/format || script=/lab/drops-noreason.bt
      BPFTRACE_PERF_RB_PAGES=2048 bpftrace $script > /out/bpftrace.txt 2> /out/bpftrace.err &
      bpftrace=$!
      for _ in $(seq 300); do [ -s /out/bpftrace.txt ] && break; sleep 0.2; done
      ;;
    shell)
      tg run sh /lab/capture.sh -o /out/shell.txt -b 8192 --no-snapshot 2> /out/shell.err &
      shell=$!
      for _ in $(seq 300); do grep -q recording /out/shell.err && break; sleep 0.2; done
      ;;
  esac
done
tg clock >> /out/clock
head -1 /proc/stat
. /lab/steps.sh
sleep 1
for source in $captures; do release $source; done
if [ -n "$bpftrace" ]; then kill -TERM $bpftrace; wait $bpftrace; fi
if [ -n "$shell" ]; then kill -TERM $shell; wait $shell; fi
[ -z "$lab_text" ] || text_end
cat /proc/modules > /out/modules
cat /proc/kallsyms > /out/kallsyms
