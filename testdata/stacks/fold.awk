# Folds the stacks of "perf script": command;outermost;...;innermost count, as flame graphs take
# them. Offsets are cut off, names of modules kept as [module].
function flush() {
  if (stack != "") count[comm stack]++
  stack = ""
}
/^[^ \t#]/ { flush(); comm = $1; next }
/^$/ { flush(); next }
/^[ \t]+[0-9a-f]+ / {
  name = $2
  sub(/\+0x[0-9a-f]+$/, "", name)
  dso = $NF
  gsub(/[()]/, "", dso)
  if (dso != "[kernel.kallsyms]" && dso !~ /^\//) name = name "_" dso
  stack = ";" name stack
}
END {
  flush()
  for (s in count) print s, count[s]
}
