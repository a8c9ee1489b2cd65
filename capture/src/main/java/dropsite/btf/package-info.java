/**
 * BTF, the kernel's description of its own types (Documentation/bpf/btf.rst): where members of
 * structures lie, what enumerators are worth, what a tracepoint passes.
 */
@NullMarked
package dropsite.btf;

import org.jspecify.annotations.NullMarked;
