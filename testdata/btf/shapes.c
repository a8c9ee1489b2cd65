/* Types as the kernel has them: unnamed members, bit fields, arrays, enums, a tracepoint's typedef. */
enum reason { NONE, FIRST = 2, LAST = 0x10001 };
enum signed_reason { BELOW = -1, ABOVE = 1 };
enum wide { WIDE = 0x100000002ULL };

struct inner {
	int first;
	union {
		struct {
			unsigned short low, high;
		};
		unsigned int both;
	};
};

typedef struct inner inner_t;

struct buffer {
	void *next;
	union {
		struct {
			unsigned char kind : 3;
			unsigned char flag : 1;
			unsigned char rest;
		};
		unsigned short bits;
	};
	char name[16];
	const volatile inner_t inner[2];
	struct buffer *other;
};

typedef void (*btf_trace_thing)(void *, struct buffer *, enum reason, const char *);

struct buffer a_buffer;
inner_t an_inner;
enum reason a_reason;
enum signed_reason a_signed_reason;
enum wide a_wide;
btf_trace_thing a_thing;
