#!/usr/bin/env bash
# Seen: a prepared statement that was run six times on an empty table keeps its plan while the table grows. Where it asks by `exists ... or
# exists ...`, the plan is a hash of all rows: with 200,000 rows each run still reads all of them, though 100 are asked for and there is an
# index. Only `analyze` ends that, so a bulk load is quadratic where nobody analyzes (autovacuum off, or not there yet). Postgres 18 (PGlite 0.5.17).
# Expected: a plan made anew when the table is a thousand times as large. Fails when what is seen changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y > /dev/null
npm install --silent --no-fund --no-audit @electric-sql/pglite@0.5.17
cat > seen.mjs <<'JS'
import { createHash } from "node:crypto";
import { PGlite } from "@electric-sql/pglite";
const key = (number) => `'\\x${createHash("sha256").update(String(number)).digest("hex")}'`;
const asked = `array[${Array.from({ length: 100 }, (_, number) => key(number)).join()}]::bytea[]`;
const db = await PGlite.create();
await db.exec(`
  create table name (node bytea primary key);
  create table gone (node bytea primary key);
  prepare known (bytea[]) as select node from unnest($1) as node
    where exists (select from name n where n.node = node.node) or exists (select from gone g where g.node = node.node);`);
const look = async (when) => {
  for (let run = 0; run < 6; run++) await db.query(`execute known(${asked})`);
  const { rows } = await db.query(`explain (costs off) execute known(${asked})`);
  const scan = rows.map((row) => row["QUERY PLAN"]).find((line) => line.includes(" on name "));
  console.log(`${when}: ${scan.replace(/^[ >-]+/, "")}`);
};
await look("empty");
await db.exec("insert into name select sha256(number::text::bytea) from generate_series(1, 200000) number");
await look("200,000 rows");
await db.exec("analyze name");
await look("analyzed");
JS
seen=$(node seen.mjs)
echo "$seen"
[ "$seen" = "$(cat <<'TEXT'
empty: Seq Scan on name n
200,000 rows: Seq Scan on name n
analyzed: Index Only Scan using name_pkey on name n
TEXT
)" ] || { echo "It behaves differently now."; exit 1; }
