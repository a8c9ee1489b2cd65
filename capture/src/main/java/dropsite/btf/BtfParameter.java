package dropsite.btf;

/**
 * A parameter of a function.
 *
 * @param name empty where only its type is known, as in the pointers to functions that tracepoints
 *     are described by
 * @param type as C spells it, such as {@code enum skb_drop_reason}
 */
public record BtfParameter(String name, String type) {}
