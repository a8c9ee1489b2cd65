# What plain ftrace sees of the same drops, in an instance of its own: the independent count of
# every scenario, and text with names.
text=/sys/kernel/tracing/instances/lab
mkdir $text
echo boot > $text/trace_clock
echo 8192 > $text/buffer_size_kb
echo 1 > $text/options/stacktrace
[ ! -e $text/options/hash-ptr ] || echo 0 > $text/options/hash-ptr
echo 1 > $text/events/skb/kfree_skb/enable
text_end() {
  echo 0 > $text/tracing_on
  cat $text/trace > /out/ftrace.txt
  rmdir $text
}
