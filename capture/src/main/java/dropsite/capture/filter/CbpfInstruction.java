package dropsite.capture.filter;

/**
 * One instruction of classic BPF (struct sock_filter of linux/filter.h).
 *
 * @param code class, size, mode, operation and source
 * @param jumpTrue how many instructions to skip when the condition holds
 * @param jumpFalse how many to skip when it does not
 * @param k operand, unsigned
 */
record CbpfInstruction(int code, int jumpTrue, int jumpFalse, int k) {}
