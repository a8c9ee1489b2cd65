# Recordings of scenarios whose rules and settings stand before they start and until they have ended,
# and so in both snapshots. $suite tells which: its steps use the words below and those of shared.sh.
truth=/out/$suite.truth
rules=/out/$suite.rules
modprobe -a nft_compat br_netfilter nf_conntrack nf_log_syslog esp4 sctp ip_gre ipip 2> /dev/null
# Programs to attach.
if [ ! -e /sys/fs/bpf/small ]; then
  mkdir -p /sys/fs/bpf/small
  bpftool prog loadall /lab/small.bpf.o /sys/fs/bpf/small
fi

arrange() {
  eval "$1" || echo "unarranged $scenario $1" | tee -a $truth
}

# The last rule of a chain, as the saver of its table has it, and how many there are.
last_rule() { # HOST TOOL TABLE CHAIN
  case $2 in
    ebtables-legacy) $1 ebtables-legacy -t $3 -L $4 | grep '^-' | sed "s/^/-A $4 /" ;;
    arptables-legacy) $1 arptables-legacy -n -L $4 | grep '^-' | sed "s/^/-A $4 /" ;;
    arptables-nft) $1 arptables-nft-save | grep -- "^-A $4 " ;;
    *) $1 $2-save -t $3 | grep -- "^-A $4 " ;;
  esac | sed 's/ *$//' | awk -v OFS='\t' '{ last = $0 } END { print NR, last }'
}

# Adds a rule, which is the one to be named, or is not.
rule() { # names|innocent HOST TOOL ARGUMENTS...
  local verdict=$1 host=$2 tool=$3 table=filter chain=
  shift 3
  $host $tool "$@" || return
  while [ $# -gt 0 ]; do
    case $1 in -t) table=$2 ;; -A) chain=$2 ;; esac
    shift
  done
  printf '%s\t' $scenario $verdict $host $tool $table $chain >> $rules
  last_rule $host $tool $table $chain >> $rules
}

nftrule() { # names|innocent HOST FAMILY TABLE CHAIN WORDS
  local said
  said=$($2 nft -e -a add rule $3 $4 $5 "$6") || return
  printf '%s\t' $scenario $1 $2 nft "$3 $4" $5 >> $rules
  echo "$said" | sed -n "s/^add rule [^ ]* [^ ]* [^ ]* \(.*\) # handle \([0-9]*\)\$/\2\t\1/p" >> $rules
}

# A leaf of router $1: leaf ROUTER INTERFACE NETWORK HOST INTERFACE
leaf() {
  add_host $4
  join $1 $2 02:00:00:00:$3:01 $4 $5 02:00:00:00:$3:02
  ip -n $1 addr add 10.$3.0.1/24 dev $2; ip -n $1 -6 addr add fd$3::1/64 dev $2 nodad
  ip -n $4 addr add 10.$3.0.2/24 dev $5; ip -n $4 -6 addr add fd$3::2/64 dev $5 nodad
}

# An interface without an other end: dummy HOST INTERFACE ADDRESS/BITS
dummy() {
  ip -n $1 link add $2 type dummy && ip -n $1 link set $2 up && ip -n $1 addr add $3 dev $2
}

hosts_of() {
  say "recording $suite.$1"
  hosts
  case $1 in
    firewall | hostile)
      leaf r r2 4 c c0; leaf r r3 5 d d0
      for host in c d; do
        $host sysctl -qw net.ipv4.ip_forward=1
        ip -n $host route add default via 10.$([ $host = c ] && echo 4 || echo 5).0.1
      done
      dummy c c1 10.14.0.1/24; dummy d d1 10.15.0.1/24
      r ip route add 10.14.0.0/24 via 10.4.0.2; r ip route add 10.15.0.0/24 via 10.5.0.2
      ping_until a 10.4.0.2; ping_until a 10.5.0.2
      ;;
    *)
      # s in several ways to t, and u, k behind it.
      add_host t
      t sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
      for n in 20 21 22 23 24 25 26; do leaf t t$n $n s s$n; done
      leaf t t40 40 u u0; leaf t t44 44 k k0
      ip -n s route add default via 10.20.0.1; ip -n s -6 route add default via fd20::1
      ip -n u route add default via 10.40.0.1; ip -n u -6 route add default via fd40::1
      ip -n k route add default via 10.44.0.1
      for n in 20 21 22 23 24 26; do
        ip -n u addr add 10.40.$n.2/32 dev lo
        ip -n t route add 10.40.$n.0/24 via 10.40.0.2
        [ $n = 20 ] || ip -n s route add 10.40.$n.0/24 via 10.$n.0.1
        ping_until s 10.$n.0.1
      done
      # Where answers to peers that do not exist go.
      dummy u sink 10.66.0.1/24
      ping_until s 10.40.0.2; ping_until s 10.44.0.2
      s busybox ping6 -c 1 -W 2 fd40::2 > /dev/null
      ;;
  esac
}

record() { # RECORDING
  namespaces > /out/$suite.$1.namespaces
  captures=
  for source in $(echo "$lab_sources" | tr , ' '); do
    capture $suite.$1.$source --source $source && captures="$captures $source"
  done
}

recorded() { # RECORDING
  sleep 1
  for source in $captures; do release $suite.$1.$source; done
  for host in $(ls /run/netns); do
    ip netns pids $host | xargs -r kill 2> /dev/null
    ip netns del $host
  done
}

. /lab/$suite.steps.sh
cat /proc/kallsyms > /out/$suite.kallsyms
