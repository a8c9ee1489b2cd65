package dropsite.analyze.network;

/** TOS and DSCP of routes and policy rules. */
final class TrafficClass {
  /** IPTOS_RT_MASK: older kernels look at these bits of TOS alone. */
  private static final int TOS_BITS = 0x1c;

  private static final int DSCP_BITS = 0xfc;

  private TrafficClass() {}

  /** Returns whether a packet has the TOS that is asked for, to old or to new kernels. */
  static boolean same(int asked, int packet) {
    return (packet & TOS_BITS) == asked || (packet & DSCP_BITS) == asked;
  }
}
