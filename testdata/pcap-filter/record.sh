#!/bin/sh
# Writes to standard output what tcpdump compiles each line of expressions.txt to: the expression
# behind "# ", then the output of tcpdump -ddd. The first line names tcpdump and libpcap.
set -eu
cd "$(dirname "$0")"
tcpdump --version 2>&1 | head -2 | paste -sd ' ' | sed 's/^/## /'
while IFS= read -r expression; do
  printf '# %s\n' "$expression"
  tcpdump -ddd -y RAW -- "$expression"
done < expressions.txt
