/*
 * tg: the traffic of the lab. One static program, one verb, words of the form key=value.
 *
 *   tg clock                                 boot and real time in nanoseconds
 *   tg udp    dst= port= [sport= n= size= ttl= df=1 gso= bind=]
 *   tg flood  dst= port= n= [size= pace=]    as fast as it goes, or ten every pace= milliseconds;
 *                                            prints nanoseconds and how many
 *   tg tcp    dst= port= [ms= send= hold=]   connects, waits at most ms for it
 *   tg ping   dst=
 *   tg raw    dev= dmac= smac= [src= dst= proto= sport= dport= ttl= size= etype= vlan= frag=]
 *             [badip=1 badl4=1 trunc= more=1 flags= proto: udp tcp icmp or a number; n=]
 *   tg run CMD...                            with the signals that shells switch off in the background
 *   tg unix                                  datagrams that nobody reads, then close
 *   tg frame  dev= hex= [n=]                 a frame, byte for byte
 *   tg tun    name= life= [tap=1]            an interface whose queue nobody reads
 * These return when they are ready, and live on for life= milliseconds:
 *   tg udpbind  port= [rcvbuf= filter=1 read=1 v6=1]
 *   tg listen   port= [backlog= accept=1 close=1 v6=1 md5=ADDRESS]
 *   tg taps     dev= rcvbuf=                 a packet socket that nobody reads
 *   tg rawbind  proto= rcvbuf=               a raw socket that nobody reads
 *   tg opened   src= sport= dst= dport= seq= ack= [window= stamp= lock=1 shut=1 rcvbuf=]
 *               a TCP connection without a peer, as if it had gone on for long: seq= is sent next,
 *               ack= expected next; stamp= is the peer's last timestamp; locked in the middle of a send, or closed
 * Any verb: comm= is hex for the name of the task.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/if_tun.h>
#include <linux/userfaultfd.h>
#include <net/if.h>
#include <netinet/in.h>
#include <linux/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

static char **words;

static const char *word(const char *key)
{
	size_t length = strlen(key);

	for (char **w = words; *w; w++)
		if (!strncmp(*w, key, length) && (*w)[length] == '=')
			return *w + length + 1;
	return NULL;
}

static long number(const char *key, long otherwise)
{
	const char *text = word(key);

	return text ? strtol(text, NULL, 0) : otherwise;
}

static void die(const char *what)
{
	fprintf(stderr, "tg: %s: %s\n", what, strerror(errno));
	exit(1);
}

static int64_t nanos(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static void pause_ms(long ms)
{
	struct timespec t = { ms / 1000, ms % 1000 * 1000000 };

	nanosleep(&t, NULL);
}

/* An address with a port; returns its length. */
static socklen_t address(const char *text, int port, struct sockaddr_storage *a)
{
	struct sockaddr_in *v4 = (void *)a;
	struct sockaddr_in6 *v6 = (void *)a;

	memset(a, 0, sizeof(*a));
	if (!text || strchr(text, ':')) {
		v6->sin6_family = AF_INET6;
		v6->sin6_port = htons(port);
		if (text && inet_pton(AF_INET6, text, &v6->sin6_addr) != 1)
			die(text);
		return sizeof(*v6);
	}
	v4->sin_family = AF_INET;
	v4->sin_port = htons(port);
	if (inet_pton(AF_INET, text, &v4->sin_addr) != 1)
		die(text);
	return sizeof(*v4);
}

static int option(int fd, int level, int name, int value)
{
	return setsockopt(fd, level, name, &value, sizeof(value));
}

static int sender(int type, int protocol, struct sockaddr_storage *to, socklen_t *length)
{
	const char *dst = word("dst");
	struct sockaddr_storage from;
	int fd;

	*length = address(dst ? dst : "127.0.0.1", number("port", 9), to);
	fd = socket(to->ss_family, type, protocol);
	if (fd < 0)
		die("socket");
	if (word("sport") || word("bind")) {
		const char *any = to->ss_family == AF_INET6 ? "::" : "0.0.0.0";
		socklen_t n = address(word("bind") ? word("bind") : any, number("sport", 0), &from);

		if (bind(fd, (void *)&from, n))
			die("bind");
	}
	if (word("ttl"))
		option(fd, to->ss_family == AF_INET6 ? IPPROTO_IPV6 : IPPROTO_IP,
		       to->ss_family == AF_INET6 ? IPV6_UNICAST_HOPS : IP_TTL, number("ttl", 64));
	if (word("df"))
		option(fd, to->ss_family == AF_INET6 ? IPPROTO_IPV6 : IPPROTO_IP,
		       to->ss_family == AF_INET6 ? IPV6_MTU_DISCOVER : IP_MTU_DISCOVER,
		       IP_PMTUDISC_PROBE);
	return fd;
}

static char payload[65536];

static int udp(void)
{
	struct sockaddr_storage to;
	socklen_t length;
	int fd = sender(SOCK_DGRAM, 0, &to, &length);
	long n = number("n", 1), size = number("size", 32);

	if (word("gso") && option(fd, IPPROTO_UDP, 103 /* UDP_SEGMENT */, number("gso", 100)))
		die("UDP_SEGMENT");
	for (long i = 0; i < n; i++)
		if (sendto(fd, payload, size, 0, (void *)&to, length) < 0)
			fprintf(stderr, "tg: sendto: %s\n", strerror(errno));
	return 0;
}

static int flood(void)
{
	struct sockaddr_storage to;
	socklen_t length;
	int fd = sender(SOCK_DGRAM, 0, &to, &length);
	long n = number("n", 1000000), size = number("size", 64), pace = number("pace", 0), sent = 0;
	int64_t start = nanos(CLOCK_MONOTONIC);

	for (long i = 0; i < n; i++) {
		if (pace && i % 10 == 9)
			pause_ms(pace);
		sent += sendto(fd, payload, size, 0, (void *)&to, length) == size;
	}
	printf("%lld %ld\n", (long long)(nanos(CLOCK_MONOTONIC) - start), sent);
	return 0;
}

static int tcp(void)
{
	struct sockaddr_storage to;
	socklen_t length;
	int fd = sender(SOCK_STREAM | SOCK_NONBLOCK, 0, &to, &length);
	struct pollfd p = { fd, POLLOUT, 0 };

	if (connect(fd, (void *)&to, length) && errno != EINPROGRESS)
		fprintf(stderr, "tg: connect: %s\n", strerror(errno));
	else
		poll(&p, 1, number("ms", 300));
	if (word("send") && send(fd, payload, number("send", 0), MSG_NOSIGNAL) < 0)
		fprintf(stderr, "tg: send: %s\n", strerror(errno));
	pause_ms(number("hold", 0));
	return 0;
}

static uint32_t sum(const void *data, size_t size, uint32_t s)
{
	const uint8_t *b = data;

	for (size_t i = 0; i < size; i++)
		s += i % 2 ? b[i] : b[i] << 8;
	return s;
}

static uint16_t fold(uint32_t s)
{
	while (s >> 16)
		s = (s & 0xffff) + (s >> 16);
	return htons(~s);
}

static int ping(void)
{
	struct sockaddr_storage to;
	socklen_t length;
	int fd = sender(SOCK_RAW, IPPROTO_ICMP, &to, &length);
	uint8_t icmp[32] = { 8, 0, 0, 0, 0x12, 0x34, 0, 1 };
	uint16_t check = fold(sum(icmp, sizeof(icmp), 0));

	memcpy(icmp + 2, &check, 2);
	if (sendto(fd, icmp, sizeof(icmp), 0, (void *)&to, length) < 0)
		die("sendto");
	return 0;
}

static size_t put16(uint8_t *at, uint16_t value)
{
	at[0] = value >> 8;
	at[1] = value;
	return 2;
}

static void mac(const char *text, uint8_t *at)
{
	if (!text || sscanf(text, "%hhx:%hhx:%hhx:%hhx:%hhx:%hhx", at, at + 1, at + 2, at + 3,
			    at + 4, at + 5) != 6)
		die("mac");
}

/* The transport header and payload; returns its size. source and destination end a pseudo header. */
static size_t transport(uint8_t *at, int protocol, size_t size, uint32_t pseudo)
{
	size_t header = protocol == IPPROTO_TCP ? 20 : 8, place = 0;
	uint16_t check;

	memset(at, 0x55, header + size);
	memset(at, 0, header);
	put16(at, number("sport", 7000));
	put16(at + 2, number("dport", 0));
	if (protocol == IPPROTO_TCP) {
		at[7] = 1;
		at[12] = 5 << 4;
		at[13] = number("flags", 2);
		put16(at + 14, 1000);
		place = 16;
	} else if (protocol == IPPROTO_UDP) {
		put16(at + 4, header + size);
		place = 6;
	} else if (protocol == IPPROTO_ICMP || protocol == IPPROTO_ICMPV6) {
		memset(at, 0, header);
		at[0] = number("type", protocol == IPPROTO_ICMP ? 8 : 128);
		place = 2;
		if (protocol == IPPROTO_ICMP)
			pseudo = 0;
	}
	if (place) {
		if (protocol != IPPROTO_ICMP)
			pseudo += protocol + header + size;
		check = fold(sum(at, header + size, pseudo));
		if (word("badl4"))
			check ^= 0x5a5a;
		memcpy(at + place, &check, 2);
	}
	return header + size;
}

static int raw(void)
{
	uint8_t frame[4096], *at = frame;
	const char *src = word("src"), *dst = word("dst"), *name = word("proto");
	struct sockaddr_ll to = { .sll_family = AF_PACKET, .sll_halen = 6 };
	size_t size = number("size", 32), all;
	int protocol = IPPROTO_UDP;
	int fd = socket(AF_PACKET, SOCK_RAW, 0);

	if (fd < 0)
		die("socket");
	if (name)
		protocol = !strcmp(name, "tcp")    ? IPPROTO_TCP
			   : !strcmp(name, "udp")  ? IPPROTO_UDP
			   : !strcmp(name, "icmp") ? IPPROTO_ICMP
						   : atoi(name);
	mac(word("dmac"), at);
	mac(word("smac"), at + 6);
	at += 12;
	if (word("vlan")) {
		at += put16(at, ETH_P_8021Q);
		at += put16(at, number("vlan", 0));
	}
	if (word("etype") || !dst) {
		at += put16(at, strtol(word("etype") ? word("etype") : "88b5", NULL, 16));
		memset(at, 0x77, 46);
		at += 46;
	} else if (strchr(dst, ':')) {
		uint8_t *ip = at + put16(at, ETH_P_IPV6);

		memset(ip, 0, 40);
		ip[0] = 0x60;
		ip[6] = protocol;
		ip[7] = number("ttl", 64);
		if (inet_pton(AF_INET6, src, ip + 8) != 1 || inet_pton(AF_INET6, dst, ip + 24) != 1)
			die("address");
		all = transport(ip + 40, protocol, size, sum(ip + 8, 32, 0));
		put16(ip + 4, all);
		at = ip + 40 + all;
	} else {
		uint8_t *ip = at + put16(at, ETH_P_IP);
		uint16_t check;

		memset(ip, 0, 20);
		ip[0] = 0x45;
		put16(ip + 4, 0x1234);
		put16(ip + 6, number("frag", 0) / 8 | (word("more") ? 0x2000 : 0));
		ip[8] = number("ttl", 64);
		ip[9] = protocol;
		if (inet_pton(AF_INET, src, ip + 12) != 1 || inet_pton(AF_INET, dst, ip + 16) != 1)
			die("address");
		all = transport(ip + 20, protocol, size, sum(ip + 12, 8, 0));
		put16(ip + 2, 20 + all);
		check = fold(sum(ip, 20, 0));
		if (word("badip"))
			check ^= 0x5a5a;
		memcpy(ip + 10, &check, 2);
		at = ip + 20 + all;
	}
	at -= number("trunc", 0);
	to.sll_ifindex = if_nametoindex(word("dev") ? word("dev") : "");
	if (!to.sll_ifindex)
		die("dev");
	memcpy(to.sll_addr, frame, 6);
	for (long i = number("n", 1); i > 0; i--)
		if (sendto(fd, frame, at - frame, 0, (void *)&to, sizeof(to)) < 0)
			die("sendto");
	return 0;
}

/* Lets the caller go on, in a child that lives for a while; nothing of it keeps a pipe open. */
static void stay(void)
{
	int nothing = open("/dev/null", O_RDWR);

	if (fork())
		_exit(0);
	setsid();
	for (int fd = 0; fd < 3; fd++)
		dup2(nothing, fd);
}

static int unread(void)
{
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_DGRAM, 0, pair))
		die("socketpair");
	for (long i = number("n", 1); i > 0; i--)
		if (write(pair[0], "unread", 6) != 6)
			die("write");
	return 0;
}

static int tun(void)
{
	struct ifreq request = { .ifr_flags = (word("tap") ? IFF_TAP : IFF_TUN) | IFF_NO_PI };
	int fd = open("/dev/net/tun", O_RDWR);

	snprintf(request.ifr_name, sizeof(request.ifr_name), "%s", word("name"));
	if (fd < 0 || ioctl(fd, TUNSETIFF, &request))
		die("tun");
	stay();
	pause_ms(number("life", 1000));
	return 0;
}

static int bound(int type)
{
	struct sockaddr_storage at;
	socklen_t length = address(word("v6") ? NULL : "0.0.0.0", number("port", 0), &at);
	int fd = socket(at.ss_family, type, 0);

	option(fd, SOL_SOCKET, SO_REUSEADDR, 1);
	if (word("rcvbuf"))
		option(fd, SOL_SOCKET, SO_RCVBUF, number("rcvbuf", 0));
	if (word("filter")) {
		struct sock_filter none = BPF_STMT(BPF_RET | BPF_K, 0);
		struct sock_fprog program = { 1, &none };

		if (setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof(program)))
			die("SO_ATTACH_FILTER");
	}
	if (fd < 0 || bind(fd, (void *)&at, length))
		die("bind");
	return fd;
}

static int udpbind(void)
{
	int fd = bound(SOCK_DGRAM);
	struct pollfd p = { fd, POLLIN, 0 };
	int64_t end = nanos(CLOCK_MONOTONIC) + number("life", 1000) * 1000000;

	stay();
	while (nanos(CLOCK_MONOTONIC) < end) {
		if (word("read") && poll(&p, 1, 50) > 0)
			recv(fd, payload, sizeof(payload), MSG_DONTWAIT);
		else if (!word("read"))
			pause_ms(20);
	}
	return 0;
}

static int listening(void)
{
	int fd = bound(SOCK_STREAM), taken;
	struct pollfd p = { fd, POLLIN, 0 };

	if (word("md5")) {
		struct tcp_md5sig key = { .tcpm_keylen = 4, .tcpm_key = "lab!" };

		address(word("md5"), 0, (void *)&key.tcpm_addr);
		if (setsockopt(fd, IPPROTO_TCP, TCP_MD5SIG, &key, sizeof(key)))
			die("TCP_MD5SIG");
	}
	if (listen(fd, number("backlog", 8)))
		die("listen");
	stay();
	if (word("accept") && poll(&p, 1, number("life", 1000)) > 0) {
		taken = accept(fd, NULL, NULL);
		if (word("close")) {
			pause_ms(200);
			close(taken);
		}
	}
	pause_ms(number("life", 1000));
	return 0;
}

static void repair(int fd, int queue, uint32_t next)
{
	if (option(fd, IPPROTO_TCP, TCP_REPAIR_QUEUE, queue) ||
	    option(fd, IPPROTO_TCP, TCP_QUEUE_SEQ, next))
		die("TCP_QUEUE_SEQ");
}

/* Sends from memory that is never there, so that the socket stays locked. */
static void lock_up(int fd)
{
	int faults = syscall(SYS_userfaultfd, O_CLOEXEC);
	struct uffdio_api api = { .api = UFFD_API };
	char *absent = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct uffdio_register all = { .range = { (uintptr_t)absent, 4096 },
				       .mode = UFFDIO_REGISTER_MODE_MISSING };

	if (faults < 0 || ioctl(faults, UFFDIO_API, &api) || ioctl(faults, UFFDIO_REGISTER, &all))
		die("userfaultfd");
	alarm(number("life", 1000) / 1000 + 1);
	send(fd, absent, 64, MSG_NOSIGNAL);
}

static int opened(void)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	struct sockaddr_storage here, there;
	socklen_t length = address(word("src"), number("sport", 0), &here);
	struct tcp_repair_window window = { 0 };
	struct tcp_repair_opt stamps = { 8 /* timestamps */, 0 };

	address(word("dst"), number("dport", 0), &there);
	option(fd, SOL_SOCKET, SO_REUSEADDR, 1);
	if (word("rcvbuf"))
		option(fd, SOL_SOCKET, SO_RCVBUF, number("rcvbuf", 0));
	if (option(fd, IPPROTO_TCP, TCP_REPAIR, 1) || bind(fd, (void *)&here, length))
		die("TCP_REPAIR");
	repair(fd, TCP_SEND_QUEUE, number("seq", 0));
	repair(fd, TCP_RECV_QUEUE, number("ack", 0));
	if (connect(fd, (void *)&there, length))
		die("connect");
	if (word("stamp") &&
	    (setsockopt(fd, IPPROTO_TCP, TCP_REPAIR_OPTIONS, &stamps, sizeof(stamps)) ||
	     option(fd, IPPROTO_TCP, TCP_TIMESTAMP, number("stamp", 0))))
		die("TCP_REPAIR_OPTIONS");
	window.snd_wl1 = number("ack", 0);
	window.snd_wnd = window.max_window = 20000;
	window.rcv_wnd = number("window", 20000);
	window.rcv_wup = number("ack", 0);
	if (setsockopt(fd, IPPROTO_TCP, TCP_REPAIR_WINDOW, &window, sizeof(window)))
		die("TCP_REPAIR_WINDOW");
	if (option(fd, IPPROTO_TCP, TCP_REPAIR, -1 /* without probing the window */))
		die("TCP_REPAIR off");
	stay();
	if (word("shut"))
		close(fd);
	if (word("lock"))
		lock_up(fd);
	else
		pause_ms(number("life", 1000));
	return 0;
}

/* Bytes of hex digits; returns how many. */
static size_t bytes(const char *hex, char *at, size_t most)
{
	size_t n = 0;

	while (hex && n < most && sscanf(hex + 2 * n, "%2hhx", (unsigned char *)at + n) == 1)
		n++;
	return n;
}

static int frame(void)
{
	struct sockaddr_ll to = { .sll_family = AF_PACKET, .sll_halen = 6 };
	int fd = socket(AF_PACKET, SOCK_RAW, 0);
	size_t size = bytes(word("hex"), payload, sizeof(payload));

	to.sll_ifindex = if_nametoindex(word("dev") ? word("dev") : "");
	if (fd < 0 || !to.sll_ifindex)
		die("dev");
	memcpy(to.sll_addr, payload, 6);
	for (long i = number("n", 1); i > 0; i--)
		if (sendto(fd, payload, size, 0, (void *)&to, sizeof(to)) < 0)
			die("sendto");
	return 0;
}

static int unread_by(int fd)
{
	if (fd < 0)
		die("socket");
	option(fd, SOL_SOCKET, SO_RCVBUF, number("rcvbuf", 2304));
	stay();
	pause_ms(number("life", 1000));
	return 0;
}

static int taps(void)
{
	struct sockaddr_ll on = { .sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL) };
	int fd = socket(AF_PACKET, SOCK_DGRAM, 0);

	on.sll_ifindex = if_nametoindex(word("dev"));
	if (bind(fd, (void *)&on, sizeof(on)))
		die("bind");
	return unread_by(fd);
}

static int rawbind(void)
{
	return unread_by(socket(AF_INET, SOCK_RAW, number("proto", 253)));
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		int (*run)(void);
	} verbs[] = {
		{ "udp", udp }, { "flood", flood }, { "tcp", tcp }, { "ping", ping },
		{ "raw", raw }, { "unix", unread }, { "tun", tun }, { "udpbind", udpbind },
		{ "listen", listening }, { "frame", frame }, { "taps", taps }, { "rawbind", rawbind },
		{ "opened", opened },
	};
	char name[32] = { 0 };

	words = argv + (argc > 2 ? 2 : argc);
	if (bytes(word("comm"), name, sizeof(name) - 1))
		prctl(PR_SET_NAME, name);
	memset(payload, 0x55, sizeof(payload));
	if (argc == 2 && !strcmp(argv[1], "clock")) {
		printf("%lld %lld\n", (long long)nanos(CLOCK_BOOTTIME),
		       (long long)nanos(CLOCK_REALTIME));
		return 0;
	}
	if (argc > 2 && !strcmp(argv[1], "run")) {
		signal(SIGINT, SIG_DFL);
		signal(SIGQUIT, SIG_DFL);
		execvp(argv[2], argv + 2);
		die(argv[2]);
	}
	for (size_t i = 0; argc > 1 && i < sizeof(verbs) / sizeof(verbs[0]); i++)
		if (!strcmp(argv[1], verbs[i].name))
			return verbs[i].run();
	fprintf(stderr, "tg: no such verb\n");
	return 2;
}
