/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/*
 * Records the packet buffers that the kernel frees: one record in a ring buffer for each call of the
 * tracepoint skb:kfree_skb (and skb:consume_skb, when that program is loaded too) that passes the
 * filters. Nothing is resolved here. The Java that loads this and reads the records is the room
 * dropsite.capture.bpf, whose layouts a test compares with this object's BTF.
 *
 * The programs are attached by BTF (tp_btf), so that kernel memory is read by plain loads, which the
 * kernel makes safe, and not by a call for each member.
 */
#include "drops.h"

enum {
  PACKET_BYTES = 2048,  /* ProbeOptions.MOST_SNAP_BYTES; a power of two */
  STACK_WORDS = 127,    /* the kernel's own limit, PERF_MAX_STACK_DEPTH */
  MAC_BYTES = 32,
  LIST = 8,             /* DropFilter.LONGEST_LIST */
  EXTENSION_HEADERS = 6,
  UNSET = 0xffff,       /* skb->mac_header and network_header */
  /* No inode number of a namespace is lower (linux/proc_ns.h; since 6.18 uapi/linux/nsfs.h). */
  FIRST_NETNS = 0xefffff00,
  MOST_NETNS = 1 << 24, /* numbers beyond are halves of kernel pointers, not of namespaces */
};

enum { ETH_P_IP = 0x0800, ETH_P_IPV6 = 0x86dd };
enum { TCP_TIME_WAIT = 6, TCP_NEW_SYN_RECV = 12 };

/* struct event, flags */
enum {
  CONSUMED = 1,
  INTERRUPTED = 2,
  STACK_CUT = 4,
  VLAN = 8,
  HAS_DEVICE = 16,
};

/* Addresses as they are loaded from a packet; those of IPv4 in the last four bytes. */
struct prefix {
  u64 high, low;
  u64 mask_high, mask_low;
  u32 ethertype;
  u32 unused;
};

/* Set before loading, constant from then on: what is not asked for is not even verified. */
struct config {
  u64 interval_nanos; /* between events that a CPU may pass on, on average; 0 for no limit */
  u64 burst_nanos;    /* how far ahead of that it may run */
  u64 ring_bytes;
  u64 preempt_count;  /* x86: the CPUs' variable that counts, as kallsyms has it; 0 if not known */
  u64 per_cpu_offset; /* address of the table of what to add to that for each CPU */
  u32 snap_bytes;
  u32 look_bytes;     /* as many bytes of a packet as are read: for filters more than is kept */
  u32 stack_words;    /* as many as the kernel gives */
  u32 drop_arguments; /* of skb:kfree_skb: skb, location[, reason[, rx_sk]] */
  u32 consume_arguments; /* of skb:consume_skb: skb[, location] */
  u32 expression;     /* whether packet_filter is in place */
  u32 comm_count, pid_count, netns_count, interface_count;
  u32 ethertype_count, protocol_count, address_count, port_count, reason_count;
  u32 unused;
  u64 comms[LIST][2];
  u64 interfaces[LIST][2];
  struct prefix addresses[LIST];
  u32 pids[LIST];
  u32 netns[LIST];
  u32 ethertypes[LIST];
  u32 protocols[LIST];
  u32 ports[LIST];
  u32 reasons[LIST];
};

const volatile struct config config SEC(".rodata");

/* A record: what is before data always, then the packet's bytes, zero to seven bytes of no meaning up
 * to a multiple of eight, and the stack. */
struct event {
  u64 boot_nanos;
  u64 skb;
  u64 location;
  u64 cgroup_id;
  u64 netns_cookie;
  u64 socket_cookie;
  u32 reason;
  u32 pid;
  u32 tid;
  u32 cpu;
  u32 netns;
  u32 ifindex;
  u32 length_bytes;
  u32 mark;
  u32 original_bytes;
  u16 flags;
  u16 protocol;
  u16 vlan_tci;
  u16 hardware_type;
  u16 packet_bytes;
  u16 stack_words;
  u16 socket_family;
  u16 socket_type;
  u16 socket_protocol;
  u8 socket_state;
  u8 packet_type;
  u8 mac_bytes;
  u8 unused[7];
  char comm[16];
  char interface[16];
  u8 mac[MAC_BYTES];
  u8 data[PACKET_BYTES + STACK_WORDS * 8];
};

struct cpu {
  /* Counted since loading; user space reads them while they change. */
  u64 passed; /* by the filters, lost ones included */
  u64 filtered;
  u64 ring_full;
  u64 rate_limited;
  u64 nested;
  u64 stacks_cut;
  u64 stacks_missing;
  u64 packets_unreadable;

  u64 due_nanos; /* when the next event is due, at the rate allowed */
  u64 woken_at;  /* how far user space had read when it was last woken */
  u64 preempt_count; /* where this CPU's is; 0 before the first use */
  u64 busy;
  struct event event;
};

struct {
  __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
  __uint(max_entries, 1);
  __type(key, u32);
  __type(value, struct cpu);
} cpus SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_RINGBUF);
  __uint(max_entries, 1 << 20);
} events SEC(".maps");

/*
 * The place of a pcap filter (README.md): its instructions replace these before loading. Registers
 * are named, since the instructions know no others.
 */
static __noinline int packet_filter(const u8 *packet, u32 captured, u32 original) {
  register u64 r0 asm("r0");
  register u64 r1 asm("r1") = (u64)packet;
  register u64 r2 asm("r2") = captured;
  register u64 r3 asm("r3") = original;
  asm volatile("%0 = 1\n"
               ".rept 2048\n"
               "goto +0\n"
               ".endr"
               : "=r"(r0), "+r"(r1), "+r"(r2), "+r"(r3)
               :
               : "r4", "r5", "r6", "r7", "r8", "r9", "memory");
  return r0;
}

__inline u16 be16(const u8 *at) {
  return (u16)(at[0] << 8 | at[1]);
}

#define one_of(list, count, value)              \
  ({                                            \
    bool found = false;                         \
    _Pragma("unroll") for (int i = 0; i < LIST; i++) { \
      if (i < (count) && (list)[i] == (value)) {\
        found = true;                           \
      }                                         \
    }                                           \
    found;                                      \
  })

__inline bool one_of_names(const volatile u64 (*list)[2], u32 count, const char *name) {
  u64 low = *(const u64 *)name;
  u64 high = *(const u64 *)(name + 8);
  bool found = false;
#pragma unroll
  for (int i = 0; i < LIST; i++) {
    if (i < count && list[i][0] == low && list[i][1] == high) {
      found = true;
    }
  }
  return found;
}

__inline bool in_prefixes(u32 ethertype, u64 high, u64 low) {
  bool found = false;
#pragma unroll
  for (int i = 0; i < LIST; i++) {
    if (i < config.address_count && config.addresses[i].ethertype == ethertype &&
        !((high ^ config.addresses[i].high) & config.addresses[i].mask_high) &&
        !((low ^ config.addresses[i].low) & config.addresses[i].mask_low)) {
      found = true;
    }
  }
  return found;
}

/* Whether the filters that look into the packet let it through. */
__inline bool packet_passes(struct event *e, u32 captured, u32 original) {
  const u8 *packet = e->data;
  u32 transport = ~0;
  u32 at = 0;
  bool later_fragment = false;
  bool address = false;

  if (config.expression && !packet_filter(packet, captured, original)) {
    return false;
  }
  if (!config.address_count && !config.protocol_count && !config.port_count) {
    return true;
  }
  if (e->protocol == ETH_P_IP && captured >= 20) {
    address = in_prefixes(ETH_P_IP, 0, *(const u32 *)(packet + 12)) ||
              in_prefixes(ETH_P_IP, 0, *(const u32 *)(packet + 16));
    transport = packet[9];
    later_fragment = be16(packet + 6) & 0x1fff;
    at = (packet[0] & 15) * 4;
  } else if (e->protocol == ETH_P_IPV6 && captured >= 40) {
    address = in_prefixes(ETH_P_IPV6, *(const u64 *)(packet + 8), *(const u64 *)(packet + 16)) ||
              in_prefixes(ETH_P_IPV6, *(const u64 *)(packet + 24), *(const u64 *)(packet + 32));
    transport = packet[6];
    at = 40;
#pragma unroll
    for (int i = 0; i < EXTENSION_HEADERS; i++) {
      if (at + 8 > captured || later_fragment) {
        break;
      }
      opaque(at);
      const u8 *header = packet + (at & (PACKET_BYTES - 1));
      if (transport == 0 || transport == 43 || transport == 60) { /* hop-by-hop, routing, options */
        at += (header[1] + 1) * 8;
      } else if (transport == 44) { /* fragment */
        later_fragment = be16(header + 2) & 0xfff8;
        at += 8;
      } else if (transport == 51) { /* authentication */
        at += (header[1] + 2) * 4;
      } else {
        break;
      }
      transport = header[0];
    }
  }
  if (config.address_count && !address) {
    return false;
  }
  if (config.protocol_count && !one_of(config.protocols, config.protocol_count, transport)) {
    return false;
  }
  if (config.port_count) {
    if ((transport != 6 && transport != 17 && transport != 132) || later_fragment ||
        at + 4 > captured) {
      return false;
    }
    opaque(at);
    const u8 *header = packet + (at & (PACKET_BYTES - 1));
    u32 source = be16(header);
    u32 destination = be16(header + 2);
    if (!one_of(config.ports, config.port_count, source) &&
        !one_of(config.ports, config.port_count, destination)) {
      return false;
    }
  }
  return true;
}

/*
 * Whether an interrupt or softirq runs on top of the current task; true where nothing tells. x86
 * counts in a variable of the CPU, others in the task.
 */
__inline bool interrupted(struct cpu *cpu) {
  const u32 softirq_hardirq_nmi = 0x00ff0100; /* softirqs being served, not merely disabled */
  u32 count = softirq_hardirq_nmi;
  if (has(((struct task_struct *)0)->thread_info.preempt_count)) {
    const struct task_struct *task = (const void *)bpf_get_current_task();
    bpf_probe_read_kernel(&count, sizeof(count), &task->thread_info.preempt_count);
  } else if (config.preempt_count) {
    if (!cpu->preempt_count) {
      u64 offset = 0;
      bpf_probe_read_kernel(&offset, sizeof(offset),
                            (const u64 *)config.per_cpu_offset + bpf_get_smp_processor_id());
      cpu->preempt_count = config.preempt_count + offset;
    }
    bpf_probe_read_kernel(&count, sizeof(count), (const void *)cpu->preempt_count);
  }
  return count & softirq_hardirq_nmi;
}

__inline void describe_net(struct event *e, struct net *net) {
  e->netns = net->ns.inum;
  e->netns_cookie = 0;
  if (has(((struct net___atomic *)0)->net_cookie.counter)) {
    e->netns_cookie = ((struct net___atomic *)net)->net_cookie.counter;
  } else if (has(net->net_cookie)) {
    e->netns_cookie = net->net_cookie;
  }
}

/*
 * A buffer that waits in a socket's queue keeps other things where its device was (dev_scratch, a
 * node of a tree): a device is believed only if it is in a network namespace.
 */
__inline void describe_place(struct event *e, struct sk_buff *skb, struct sock *sk) {
  struct net_device *dev = skb->dev;
  e->netns = 0;
  e->netns_cookie = 0;
  e->ifindex = 0;
  *(u64 *)e->interface = 0;
  *(u64 *)(e->interface + 8) = 0;
  if (dev) {
    struct net *net = dev->nd_net.net;
    if (net && net->ns.inum - FIRST_NETNS < MOST_NETNS) {
      describe_net(e, net);
      e->flags |= HAS_DEVICE;
      e->ifindex = dev->ifindex;
      e->hardware_type = dev->type;
      bpf_probe_read_kernel_str(e->interface, sizeof(e->interface), dev->name);
      return;
    }
  }
  if (sk) {
    struct net *net = sk->__sk_common.skc_net.net;
    if (net) {
      describe_net(e, net);
    }
  }
}

__inline void describe_socket(struct event *e, struct sock *sk) {
  e->socket_family = 0;
  e->socket_state = 0;
  e->socket_cookie = 0;
  e->socket_type = 0;
  e->socket_protocol = 0;
  if (!sk) {
    return;
  }
  e->socket_family = sk->__sk_common.skc_family;
  e->socket_state = sk->__sk_common.skc_state;
  if (has(sk->__sk_common.skc_cookie.counter)) {
    e->socket_cookie = sk->__sk_common.skc_cookie.counter;
  }
  /* Requests and those that wait after closing are smaller than a socket. */
  if (e->socket_state != TCP_TIME_WAIT && e->socket_state != TCP_NEW_SYN_RECV) {
    e->socket_type = bits_of(sk, sk_type);
    e->socket_protocol = bits_of(sk, sk_protocol);
  }
}

__inline bool has_vlan(struct sk_buff *skb) {
  if (has(skb->vlan_all)) {
    return skb->vlan_all;
  }
  return has(skb->vlan_present) && bits_of(skb, vlan_present);
}

/* Reads the packet into e->data, as many bytes as the filters or the record need. */
__inline u32 read_packet(struct event *e, struct sk_buff *skb, bool *unreadable) {
  u32 network = skb->network_header;
  u32 tail = skb->tail;
  u32 count = config.look_bytes;
  e->original_bytes = 0;
  /* Buffers of no network protocol (those of unix sockets, netlink) have no such header. */
  if (!e->protocol || !network || network == UNSET || network >= tail) {
    return 0;
  }
  e->original_bytes = tail - network + skb->data_len;
  if (count > tail - network) {
    count = tail - network;
  }
  opaque(count);
  if (count > PACKET_BYTES) {
    count = PACKET_BYTES;
  }
  if (bpf_probe_read_kernel(e->data, count, skb->head + network)) {
    *unreadable = true;
    return 0;
  }
  return count;
}

__inline void read_mac(struct event *e, struct sk_buff *skb) {
  u32 mac = skb->mac_header;
  u32 network = skb->network_header;
  u32 count = network - mac;
  e->mac_bytes = 0;
  if (mac == UNSET || network == UNSET || mac >= network || count > MAC_BYTES) {
    return;
  }
  opaque(count);
  if (count <= MAC_BYTES && !bpf_probe_read_kernel(e->mac, count, skb->head + mac)) {
    e->mac_bytes = count;
  }
}

/* Unread records wake nobody until they fill a quarter of the ring; then once, until user space has
 * read on. */
__inline u64 wake_up(struct cpu *cpu, u64 unread) {
  if (unread >= config.ring_bytes / 4) {
    u64 read = bpf_ringbuf_query(&events, BPF_RB_CONS_POS) + 1;
    if (cpu->woken_at != read) {
      cpu->woken_at = read;
      return BPF_RB_FORCE_WAKEUP;
    }
  }
  return BPF_RB_NO_WAKEUP;
}

__inline void record(u64 *ctx, struct cpu *cpu, struct sk_buff *skb, struct sock *rx_sk) {
  struct event *e = &cpu->event;
  struct sock *sk = skb->sk;
  u64 task = bpf_get_current_pid_tgid();
  if (!sk) {
    sk = rx_sk;
  }

  /* Filters first, the cheapest of them before the others. */
  e->pid = task >> 32;
  e->tid = task;
  e->protocol = __builtin_bswap16(skb->protocol);
  if ((config.pid_count && !one_of(config.pids, config.pid_count, e->pid)) ||
      (config.reason_count && !one_of(config.reasons, config.reason_count, e->reason)) ||
      (config.ethertype_count && !one_of(config.ethertypes, config.ethertype_count, e->protocol))) {
    cpu->filtered++;
    return;
  }
  bpf_get_current_comm(e->comm, sizeof(e->comm));
  if (config.comm_count && !one_of_names(config.comms, config.comm_count, e->comm)) {
    cpu->filtered++;
    return;
  }
  describe_place(e, skb, sk);
  if ((config.netns_count && !one_of(config.netns, config.netns_count, e->netns)) ||
      (config.interface_count &&
       !one_of_names(config.interfaces, config.interface_count, e->interface))) {
    cpu->filtered++;
    return;
  }
  bool unreadable = false;
  u32 captured = read_packet(e, skb, &unreadable);
  if (!packet_passes(e, captured, e->original_bytes)) {
    cpu->filtered++;
    return;
  }
  cpu->passed++;
  cpu->packets_unreadable += unreadable;

  u64 now = bpf_ktime_get_boot_ns();
  if (config.interval_nanos) {
    u64 due = cpu->due_nanos;
    if (due < now) {
      due = now;
    }
    if (due - now > config.burst_nanos) {
      cpu->rate_limited++;
      return;
    }
    cpu->due_nanos = due + config.interval_nanos;
  }

  if (captured > config.snap_bytes) {
    captured = config.snap_bytes;
  }
  /* A full ring is noticed before the costly part. */
  u64 unread = bpf_ringbuf_query(&events, BPF_RB_AVAIL_DATA);
  if (unread + sizeof(*e) - PACKET_BYTES + config.snap_bytes > config.ring_bytes) {
    cpu->ring_full++;
    return;
  }
  e->packet_bytes = captured;
  e->boot_nanos = now;
  e->skb = (u64)skb;
  e->cgroup_id = bpf_get_current_cgroup_id();
  e->cpu = bpf_get_smp_processor_id();
  e->length_bytes = skb->len;
  e->mark = skb->mark;
  e->packet_type = bits_of(skb, pkt_type);
  if (has_vlan(skb)) {
    e->flags |= VLAN;
    e->vlan_tci = skb->vlan_tci;
  }
  if (interrupted(cpu)) {
    e->flags |= INTERRUPTED;
  }
  describe_socket(e, sk);
  read_mac(e, skb);

  u32 offset = (captured + 7) & ~7u;
  opaque(offset);
  if (offset > PACKET_BYTES) {
    return; /* cannot be; the verifier wants to hear it */
  }
  long stack = bpf_get_stack(ctx, e->data + offset, STACK_WORDS * 8, 0);
  if (stack <= 0) {
    cpu->stacks_missing++;
    stack = 0;
  }
  e->stack_words = stack / 8;
  if (e->stack_words >= config.stack_words) {
    e->flags |= STACK_CUT;
    cpu->stacks_cut++;
  }
  u64 size = __builtin_offsetof(struct event, data) + offset + stack;
  opaque(size);
  if (size > sizeof(*e)) {
    return; /* cannot be either */
  }
  if (bpf_ringbuf_output(&events, e, size, wake_up(cpu, unread))) {
    cpu->ring_full++;
  }
}

/*
 * Takes this CPU's memory. An interrupt that frees buffers can come while another event is being
 * recorded: from 6.1 on the kernel does not run the same program again then (and counts it), but it
 * does run the other one, and older kernels run both.
 */
__inline struct cpu *enter(void) {
  u32 first = 0;
  struct cpu *cpu = bpf_map_lookup_elem(&cpus, &first);
  if (!cpu) {
    return 0;
  }
  if (cpu->busy) {
    __sync_fetch_and_add(&cpu->nested, 1);
    return 0;
  }
  cpu->busy = 1;
  barrier();
  return cpu;
}

__inline void leave(struct cpu *cpu) {
  barrier();
  cpu->busy = 0;
}

SEC("tp_btf/kfree_skb")
int drop(u64 *ctx) {
  struct cpu *cpu = enter();
  if (!cpu) {
    return 0;
  }
  struct sock *rx_sk = 0;
  cpu->event.flags = 0;
  cpu->event.location = ctx[1];
  cpu->event.reason = ~0;
  if (config.drop_arguments > 2) {
    cpu->event.reason = ctx[2];
  }
  if (config.drop_arguments > 3) {
    rx_sk = (struct sock *)ctx[3];
  }
  record(ctx, cpu, (struct sk_buff *)ctx[0], rx_sk);
  leave(cpu);
  return 0;
}

SEC("tp_btf/consume_skb")
int consume(u64 *ctx) {
  struct cpu *cpu = enter();
  if (!cpu) {
    return 0;
  }
  cpu->event.flags = CONSUMED;
  cpu->event.location = 0;
  cpu->event.reason = ~0;
  if (config.consume_arguments > 1) {
    cpu->event.location = ctx[1];
  }
  record(ctx, cpu, (struct sk_buff *)ctx[0], 0);
  leave(cpu);
  return 0;
}

/* Helpers that read kernel memory are for programs under the kernel's own licence. */
char LICENSE[] SEC("license") = "GPL";
