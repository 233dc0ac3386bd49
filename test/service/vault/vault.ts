/** A capability that keeps secrets, as small as one can be: PUT /vault/:id seals the body, GET /vault/:id opens it. */
import { Router, text } from "express";
import pg from "pg";
import { openPool, type Pool } from "../../../src/db/pool.js";
import type { Statuses } from "../../../src/http/shownError.js";
import type { SealedColumn } from "../../../src/sealing/place.js";
import type { Secrets } from "../../../src/sealing/secrets.js";
import type { Capability } from "../../../src/service/capability.js";
import { settingsPart } from "../../../src/settings/settingsPart.js";

const VALUE: SealedColumn = {
  capability: "vault",
  table: "secret",
  column: "value",
  primaryKey: [{ column: "id", type: "text" }],
  dataKeyColumn: "value_key",
};

const STATUSES: Statuses<"SECRETS_KEY_MISSING"> = {
  INVALID_REQUEST: 400,
  TOO_LARGE: 413,
  INTERNAL: 500,
  SECRETS_KEY_MISSING: 500,
};

export const vault: Capability<null> = {
  name: "vault",
  summary: "keeps what it is given",
  settings: settingsPart("Vault", {}, () => null),
  migrations: new URL("migrations/", import.meta.url),
  sealedColumns: [VALUE],
  addCommands: () => undefined,
  exitStatuses: {},
  prepare: () => Promise.resolve([]),
  async start({ database, secrets }) {
    const { schema } = await database.migrate();
    await secrets.check();
    const pool = openPool({ url: database.url, pooler: database.pooler, maxConnections: 4 });
    const table = `${pg.escapeIdentifier(schema)}.secret`;
    return {
      routes: [
        {
          kind: "handler",
          path: "/vault",
          handler: routes(pool, table, secrets),
          statuses: STATUSES,
          isApi: false,
        },
      ],
      readiness: () => Promise.resolve({ reasons: [], warnings: [] }),
      metrics: () => undefined,
      findings: () => Promise.resolve({ lines: [], warnings: [] }),
      reload: null,
      stop: () => pool.end(),
    };
  },
};

function routes(pool: Pool, table: string, secrets: Secrets): Router {
  return Router()
    .use(text())
    .put("/:id", async (request, response) => {
      const { id } = request.params;
      const secret = new TextEncoder().encode(String(request.body));
      await secrets.write({ column: VALUE, row: [id] }, secret, (sealed) =>
        pool.query(
          `insert into ${table} (id, value) values ($1, $2)
           on conflict (id) do update set value = excluded.value`,
          [id, sealed],
        ),
      );
      response.status(204).end();
    })
    .get("/:id", async (request, response) => {
      const { id } = request.params;
      const secret = await secrets.read({ column: VALUE, row: [id] }, async () => {
        const query = `select value from ${table} where id = $1`;
        const { rows } = await pool.query<{ value: Buffer }>(query, [id]);
        return rows[0]?.value ?? null;
      });
      if (secret === null) response.status(404).end();
      else response.type("text").send(new TextDecoder().decode(secret));
    });
}
