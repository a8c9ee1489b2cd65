/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/*
 * What drops.bpf.c needs of the kernel and of BPF, written by hand so that a compiler is all that
 * building takes: helpers by their numbers (uapi/linux/bpf.h), and of each kernel structure the
 * members that are read. Where those lie in the running kernel is found when the program is loaded
 * (CO-RE): order and size here mean nothing, names do.
 */
#ifndef DROPSITE_DROPS_H
#define DROPSITE_DROPS_H

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;
typedef _Bool bool;
#define true 1
#define false 0

#define SEC(name) __attribute__((section(name), used))
#define __noinline __attribute__((noinline))
#define __inline static inline __attribute__((always_inline))
#define __uint(name, value) int(*name)[value]
#define __type(name, value) typeof(value) *name
#define likely(x) __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)

/* Keeps the compiler from knowing the value, so that checks for the verifier's sake stay. */
#define opaque(x) asm volatile("" : "+r"(x))
#define barrier() asm volatile("" ::: "memory")

enum { BPF_MAP_TYPE_PERCPU_ARRAY = 6, BPF_MAP_TYPE_RINGBUF = 27 };
enum { BPF_RB_NO_WAKEUP = 1, BPF_RB_FORCE_WAKEUP = 2 };
enum { BPF_RB_AVAIL_DATA = 0, BPF_RB_CONS_POS = 2 };

static void *(*const bpf_map_lookup_elem)(void *map, const void *key) = (void *)1;
static u64 (*const bpf_get_current_pid_tgid)(void) = (void *)14;
static long (*const bpf_get_current_comm)(void *into, u32 size) = (void *)16;
static u64 (*const bpf_get_current_task)(void) = (void *)35;
static u32 (*const bpf_get_smp_processor_id)(void) = (void *)8;
static long (*const bpf_get_stack)(void *ctx, void *into, u32 size, u64 flags) = (void *)67;
static u64 (*const bpf_get_current_cgroup_id)(void) = (void *)80;
static long (*const bpf_probe_read_kernel)(void *into, u32 size, const void *from) = (void *)113;
static long (*const bpf_probe_read_kernel_str)(void *into, u32 size, const void *from) = (void *)115;
static u64 (*const bpf_ktime_get_boot_ns)(void) = (void *)125;
static long (*const bpf_ringbuf_output)(void *ring, void *data, u64 size, u64 flags) = (void *)130;
static u64 (*const bpf_ringbuf_query)(void *ring, u64 what) = (void *)134;

/* Whether the running kernel has a member; the code for the other case is not even verified. */
#define has(member) __builtin_preserve_field_info(member, 2)

/* Reads a bit field, or a member whose size differs between kernels. */
#define bits_of(structure, member)                                                \
  ({                                                                              \
    const u8 *at = (const u8 *)(structure) +                                      \
                   __builtin_preserve_field_info((structure)->member, 0);         \
    u64 value = 0;                                                                \
    opaque(at);                                                                   \
    switch (__builtin_preserve_field_info((structure)->member, 1)) {              \
      case 1: value = *at; break;                                                 \
      case 2: value = *(const u16 *)at; break;                                    \
      case 4: value = *(const u32 *)at; break;                                    \
      case 8: value = *(const u64 *)at; break;                                    \
    }                                                                             \
    value <<= __builtin_preserve_field_info((structure)->member, 4);              \
    value >> __builtin_preserve_field_info((structure)->member, 5);               \
  })

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct ns_common {
  u32 inum;
};

struct net {
  struct ns_common ns;
  u64 net_cookie;
};

/* Until 5.11 the cookie was an atomic64_t. (What follows ___ is not part of the name.) */
struct net___atomic {
  struct {
    long long counter;
  } net_cookie;
};

struct net_device {
  char name[16];
  int ifindex;
  u16 type;
  struct {
    struct net *net;
  } nd_net;
};

struct sock_common {
  u16 skc_family;
  u8 skc_state;
  struct {
    struct net *net;
  } skc_net;
  struct {
    long long counter;
  } skc_cookie;
};

struct sock {
  struct sock_common __sk_common;
  u16 sk_type;
  u16 sk_protocol;
};

struct sk_buff {
  struct net_device *dev;
  struct sock *sk;
  u32 len;
  u32 data_len;
  u8 pkt_type : 3;
  u32 vlan_all; /* since 6.2 */
  u16 vlan_tci;
  u8 vlan_present : 1; /* until 6.1 */
  u32 mark;
  u16 protocol;
  u16 network_header;
  u16 mac_header;
  u32 tail;
  u8 *head;
};

/* architectures that count in the task: arm64 and others */
struct thread_info {
  u32 preempt_count;
};

struct task_struct {
  struct thread_info thread_info;
};

#pragma clang attribute pop

#endif
