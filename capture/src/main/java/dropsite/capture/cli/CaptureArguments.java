package dropsite.capture.cli;

import dropsite.command.Argument;
import dropsite.command.Argument.Takes;
import dropsite.command.Syntax;

/** The options of {@code capture}, in the order of its help text. */
final class CaptureArguments {
  private static final String LIST = "LIST";

  final Syntax syntax = new Syntax("capture");

  final Argument output =
      syntax.option(
          Takes.TEXT,
          "FILE",
          "where to record; '-' is standard output (default: a new file here, named after host and"
              + " time)",
          "-o",
          "--output");
  final Argument force = syntax.flag("replace files that exist already", "--force");
  final Argument source =
      text("SOURCE", "bpf, tracefs, or auto: the best that works here (default)", "--source");

  final Argument duration = text("TIME", "stop after so long: 30s, 5m, 1h", "--duration");
  final Argument maxEvents = text("N", "stop after so many drops", "--max-events");
  final Argument maxBytes =
      text("SIZE", "stop when so much is recorded: 64K, 8M, 1G", "--max-bytes");

  final Argument comm = text(LIST, "names of the running task", "--comm");
  final Argument pid = text(LIST, "process ids of the running task", "--pid");
  final Argument netns =
      text(LIST, "network namespaces: name in /run/netns, path, or inode number", "--netns");
  final Argument networkInterface = text(LIST, "names of the packet's device", "--interface");
  final Argument protocol =
      text(LIST, "tcp, udp, icmp, ... or arp, ip, ip6, ...; or numbers", "--protocol");
  final Argument address = text(LIST, "source or destination address or prefix", "--address");
  final Argument port = text(LIST, "source or destination port of TCP, UDP, SCTP", "--port");
  final Argument reason =
      text(LIST, "drop reasons: names as this kernel has them, or numbers", "--reason");
  final Argument expression =
      text(
          "EXPR",
          "only packets that match, in the language of pcap-filter(7), from the network header on;"
              + " needs libpcap here",
          "--filter");
  final Argument includeConsumed =
      syntax.flag("record buffers that were consumed, not dropped, too", "--include-consumed");

  final Argument snaplen =
      text(
          "BYTES",
          "of each packet, from the network header on (default: 256, most: 2048)",
          "--snaplen");
  final Argument maxRate =
      text(
          "N",
          "record at most so many drops a second on each CPU, and count the rest (default: 10k; 0:"
              + " all)",
          "--max-rate");
  final Argument buffer =
      text(
          "SIZE",
          "memory of the kernel for drops not yet written: 64K to 1G (default: 8M)",
          "--buffer");
  final Argument offsets =
      syntax.option(
          Takes.PATH,
          "FILE",
          "where struct members lie, from 'dropsite offsets VMLINUX': gives source tracefs packets"
              + " on kernels without BTF",
          "--offsets");

  final Argument noSnapshot =
      text(
          LIST,
          "parts of the snapshot to leave out (nft, ip-route, sysctl, ...), or 'all'",
          "--no-snapshot");
  final Argument kallsyms = syntax.flag("record the whole of /proc/kallsyms", "--kallsyms");
  final Argument redact =
      syntax.flag(
          "replace addresses and names, the same everywhere, and cut payload off", "--redact");

  final Argument rotateSize =
      text("SIZE", "begin another file when one has this size", "--rotate-size");
  final Argument rotateEvery = text("TIME", "begin another file after so long", "--rotate-every");
  final Argument keep = text("N", "of the files, keep the last N only", "--keep");
  final Argument compress = text("KIND", "compress the file: gzip or zstd", "--compress");
  final Argument quiet = syntax.flag("no status line on a terminal", "-q", "--quiet");
  final Argument printBpftrace =
      syntax.flag("print the bpftrace script for this kernel, and end", "--print-bpftrace");

  private Argument text(String label, String description, String name) {
    return syntax.option(Takes.TEXT, label, description, name);
  }
}
