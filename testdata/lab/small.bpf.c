/*
 * BPF programs that drop what carries UDP port 157 (tc), 158 (xdp), or all that they see (cgroup):
 * each scenario attaches one. No map, no type information, no library.
 */
#include <linux/bpf.h>
#include <linux/pkt_cls.h>

#define SEC(name) __attribute__((section(name), used))

static __attribute__((always_inline)) int dropped(void *data, void *end, int port)
{
	unsigned char *b = data;

	/* Ethernet, IPv4 without options, UDP. */
	if (b + 42 > (unsigned char *)end)
		return 0;
	return b[12] == 8 && b[13] == 0 && b[23] == 17 && (b[36] << 8 | b[37]) == port;
}

SEC("tc") int drop_tc(struct __sk_buff *skb)
{
	return dropped((void *)(long)skb->data, (void *)(long)skb->data_end, 157) ? TC_ACT_SHOT
										   : TC_ACT_OK;
}

SEC("xdp") int drop_xdp(struct xdp_md *frame)
{
	return dropped((void *)(long)frame->data, (void *)(long)frame->data_end, 158) ? XDP_DROP
										      : XDP_PASS;
}

SEC("cgroup_skb/ingress") int drop_in(struct __sk_buff *skb)
{
	return 0;
}

SEC("cgroup_skb/egress") int drop_out(struct __sk_buff *skb)
{
	return 0;
}

char _license[] SEC("license") = "Apache-2.0";
