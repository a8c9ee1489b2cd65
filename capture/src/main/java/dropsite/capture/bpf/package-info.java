/**
 * Drops as a BPF program of ours (bpf/drops.bpf.c) sees them in the kernel: put there by libbpf,
 * read from its ring buffer.
 */
@NullMarked
package dropsite.capture.bpf;

import org.jspecify.annotations.NullMarked;
