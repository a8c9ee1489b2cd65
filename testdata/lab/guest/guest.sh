# A good guest: what the box looks like before and after a capture, first as bare as it booted, then
# with firewalls of every kind, several namespaces, and packets dropped in them.

guest() { # NAME SOURCES WHILE...
  local name=$1 sources=$2
  shift 2
  state guest.$name.before
  for source in $(echo "$sources" | tr , ' '); do
    capture guest.$name.$source --source $source && {
      eval "$*"
      sleep 1
      release guest.$name.$source
    }
    sleep 0.3
    state guest.$name.$source
  done
}

guest bare "$lab_ends" 'for i in 1 2 3; do tg udp dst=127.0.0.1 port=9; done'

hosts
modprobe -a iptable_filter ip6table_filter nf_tables nf_conntrack_netlink br_netfilter
for host in a r b; do
  $host iptables-legacy -A OUTPUT -p udp --dport 1 -j DROP
  $host iptables-legacy -A INPUT -m conntrack --ctstate ESTABLISHED -j ACCEPT
  $host ip6tables-legacy -A INPUT -p udp --dport 1 -j DROP
  $host nft add table inet t
  $host nft 'add chain inet t in { type filter hook input priority 5; }'
  $host nft add rule inet t in udp dport 1 counter drop
  $host nft add rule inet t in ct state invalid counter drop
  $host conntrack -F 2> /dev/null
done
a tc qdisc add dev a0 root fq_codel
sleep 1
guest full "$lab_sources" '
  for i in 1 2 3; do
    a tg raw dev=a0 dmac=$mac_r0 smac=$mac_a0 etype=88b5
    r tg raw dev=r0 dmac=$mac_a0 smac=$mac_r0 etype=88b5
    tg udp dst=127.0.0.1 port=9
  done'
a tc qdisc del dev a0 root

# Rules that stand before and after, and drop meanwhile: their counters tell which did.
source=${lab_sources%%,*}
capture rules --source $source && {
  for dst in 10.2.0.2 10.1.0.1; do a tg udp dst=$dst port=1; done
  for _ in 1 2 3; do r tg udp dst=10.2.0.2 port=1; done
  a tg udp dst=fd02::2 port=1
  a tg raw dev=a0 dmac=$mac_r0 smac=$mac_a0 src=10.1.0.2 dst=10.1.0.1 proto=tcp dport=1 flags=0
  a tg raw dev=a0 dmac=$mac_r0 smac=$mac_a0 src=10.1.0.2 dst=10.1.0.1 dport=1
  sleep 0.5
  release rules
}
for host in a r b; do
  $host iptables-legacy -F; $host ip6tables-legacy -F; $host nft flush ruleset
done
