#!/usr/bin/env bash
# Seen: a pool with a free connection says `waitingCount` 1 for a question that was asked in this turn of the event loop: pg-pool gives it
# the connection in the next one. So a gauge that is read beside a question of its own, as by a scrape that asks the database, never
# reads 0, and an alert on "questions wait" fires on a service with nothing to do. pg 8.23.1 with pg-pool 3.14.0.
# Expected: 0, as nobody waits for anybody. Fails when what is seen changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y > /dev/null
npm install --silent --legacy-peer-deps --no-fund --no-audit pg@8.23.1 pg-pool@3.14.0 @electric-sql/pglite@0.5.14 @electric-sql/pglite-socket@0.2.17
cat > seen.mjs <<'JS'
import { PGlite } from "@electric-sql/pglite";
import { PGLiteSocketServer } from "@electric-sql/pglite-socket";
import pg from "pg";
const server = new PGLiteSocketServer({ db: await PGlite.create(), host: "127.0.0.1", port: 54329 });
await server.start();
const pool = new pg.Pool({ host: "127.0.0.1", port: 54329, user: "postgres", database: "postgres", max: 1 });
await pool.query("select 1");
const say = (when) => console.log(`${when}: ${pool.idleCount} free, ${pool.waitingCount} waiting`);
say("before");
const asked = pool.query("select 1");
say("asked");
await new Promise((resolve) => setImmediate(resolve));
say("a turn later");
await asked;
await pool.end();
await server.stop();
process.exit(0);
JS
seen=$(node seen.mjs)
echo "$seen"
[ "$seen" = "$(cat <<'TEXT'
before: 1 free, 0 waiting
asked: 1 free, 1 waiting
a turn later: 0 free, 0 waiting
TEXT
)" ] || { echo "It behaves differently now."; exit 1; }
