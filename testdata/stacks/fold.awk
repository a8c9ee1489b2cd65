# Folds the stacks of "perf script": command;outermost;...;innermost count, as flame graphs take
# them. Offsets and images are cut off; with -v marked=1 functions of the kernel end in _[k].
function flush() {
  if (stack != "") count[comm stack]++
  stack = ""
}
/^[^ \t#]/ { flush(); comm = $1; next }
/^$/ { flush(); next }
/^[ \t]+[0-9a-f]+ / {
  name = $2
  sub(/\+0x[0-9a-f]+$/, "", name)
  if (marked && $1 ~ /^ffff/) name = name "_[k]"
  stack = ";" name stack
}
END {
  flush()
  for (s in count) print s, count[s]
}
