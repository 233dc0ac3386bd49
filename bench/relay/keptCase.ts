/** Our relay node on a database that keeps many messages of others, beside the same with few. */
import pg from "pg";
import { withSchema } from "../../src/db/pool.js";
import { say } from "../progress.js";
import { alternate, CONNECTIONS, fill, type Rounds } from "./cases.js";
import { type Letter, writeLetters } from "./letters.js";
import type { People, Receiver } from "./people.js";
import { send, type Sending } from "./posting.js";
import { OURS, type RelayServer } from "./relayServers.js";

const FEW = 10_000;
const OF_EACH_ACCOUNT = 100;
const SUBMITS = 1_500;
const FETCHES = 60;

export interface KeptParts {
  readonly people: People;
  readonly rounds: number;
  /** How many messages the larger one keeps. */
  readonly most: number;
  readonly databaseUrl: string;
  /** A relay node of ours on an empty schema of this name. */
  readonly start: (schema: string) => Promise<RelayServer>;
}

export interface KeptResult {
  readonly most: number;
  readonly submits: Rounds;
  readonly fetches: Rounds;
}

export const MANY = `${OURS}, many messages`;
export const FEW_KEPT = `${OURS}, ${FEW} messages`;

export async function keptAgainst(parts: KeptParts): Promise<KeptResult> {
  const { people, rounds, most } = parts;
  const [reader, ...receivers] = people.receivers;
  if (reader === undefined) throw new Error("Nobody reads.");
  const sides = [];
  for (const [label, kept, schema] of [
    [FEW_KEPT, FEW, "kept_few"],
    [MANY, most, "kept_many"],
  ] as const) {
    say(`${label}: keeping ${kept}`);
    const server = await parts.start(schema);
    for (const receiver of people.receivers) await server.signIn(receiver);
    sides.push({ label, server, ...(await furnish(parts, server, schema, kept, reader)) });
  }
  const letters = await writeLetters(
    ...([people, people.regulars, receivers, SUBMITS * (rounds + 1)] as const),
  );
  const posting = ({ body }: Letter): Sending => ({ method: "POST", path: "/rpc", body });
  const submits = await alternate(
    sides.map(({ label, server }) => ({
      label,
      run: (round) => {
        const from = (round + 1) * SUBMITS;
        return send(server, letters.slice(from, from + SUBMITS).map(posting), CONNECTIONS);
      },
    })),
    rounds,
  );
  const fetches = await alternate(
    sides.map(({ label, server, token }) => {
      const path = `/delivery/messages/incoming/${reader.name}`;
      const requests = Array.from({ length: FETCHES }, () => ({
        ...({ method: "GET", path, token } as const),
      }));
      return { label, run: () => send(server, requests, 8) };
    }),
    rounds,
  );
  return { most, submits, fetches };
}

/** A hundred messages for the reader, and all the others for accounts that nobody asks for. */
async function furnish(
  { people, databaseUrl }: KeptParts,
  server: RelayServer,
  schema: string,
  kept: number,
  reader: Receiver,
): Promise<{ readonly token: string }> {
  const token = await server.signIn(reader);
  const letters = await writeLetters(people, people.regulars, [reader], OF_EACH_ACCOUNT);
  await fill({ server, name: reader.name, token }, letters);
  const client = new pg.Client({ connectionString: withSchema(databaseUrl, schema) });
  await client.connect();
  try {
    const { rows } = await client.query<{ schema: string }>(
      "select table_schema as schema from information_schema.tables where table_name = 'mailbox_share' and starts_with(table_schema, $1)",
      [schema],
    );
    const own = rows[0]?.schema ?? "";
    const accounts = Math.ceil(kept / OF_EACH_ACCOUNT);
    await client.query(`
      with one as (select profile from ${own}.account limit 1),
        sample as (select envelope, bytes from ${own}.message limit 1),
        accounts as (
          insert into ${own}.account (address, profile, last_number, messages, bytes)
          select decode(lpad(to_hex(a), 40, '0'), 'hex'), one.profile, ${OF_EACH_ACCOUNT}, ${OF_EACH_ACCOUNT},
            ${OF_EACH_ACCOUNT} * sample.bytes
          from generate_series(0, ${accounts - 1}) a, one, sample
        )
      insert into ${own}.message
        (account, number, sender, sender_name, sender_domain, claimed_hash, body_hash, bytes, envelope)
      select decode(lpad(to_hex(i / ${OF_EACH_ACCOUNT}), 40, '0'), 'hex'), i % ${OF_EACH_ACCOUNT} + 1,
        decode(lpad(to_hex(i % 50), 40, '0'), 'hex'), 'regular-' || i % 50 || '.example.eth', '*.example.eth',
        sha256(i::text::bytea), sha256((-i)::text::bytea), sample.bytes, sample.envelope
      from generate_series(0, ${kept - 1}) i, sample`);
    await client.query(`vacuum analyze ${own}.message`);
    await client.query("checkpoint");
  } finally {
    await client.end();
  }
  return { token };
}
