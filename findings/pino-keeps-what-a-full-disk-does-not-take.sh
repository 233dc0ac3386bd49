#!/usr/bin/env bash
# Seen: pino 10.4.0 writing synchronously to a disk that is full (on Linux, /dev/full stands for one). Without a listener for
# "error" each line throws ENOSPC into the caller; with one, no line is dropped: all are kept in memory, without a bound
# unless maxLength is set, which is 0 by default.
# Expected: a logger loses lines before it ends or fills the process. Fails when what is seen changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y > /dev/null
npm install --silent --no-fund --no-audit pino@10.4.0
cat > seen.mjs <<'JS'
import { openSync } from "node:fs";
import { pino } from "pino";

const LINE = `${"x".repeat(999)}\n`;
for (const listens of [false, true]) {
  const destination = pino.destination({ dest: openSync("/dev/full", "w"), sync: true });
  if (listens) destination.on("error", () => undefined);
  let thrown = 0;
  for (let line = 0; line < 1_000; line++) {
    try {
      destination.write(LINE);
    } catch (error) {
      if (error.code === "ENOSPC") thrown++;
    }
  }
  console.log(`listens: ${listens}, thrown: ${thrown}, bytes kept: ${destination._len}`);
}
JS
seen=$(node seen.mjs)
echo "$seen"
[ "$seen" = "$(cat <<'TEXT'
listens: false, thrown: 1000, bytes kept: 1000000
listens: true, thrown: 0, bytes kept: 1000000
TEXT
)" ] || { echo "pino behaves differently now."; exit 1; }
