/** The options by which an operator says where a service's own data are, and which column is which record. */
import { readFile } from "node:fs/promises";
import type { Command } from "commander";
import { SignpostError } from "../../../errors.js";
import { assertPrivateNetwork } from "../../../net/lookupIn.js";
import { shownPath } from "../../../operator-keys/secretFile.js";
import {
  type PostgresSettings,
  postgresSettings,
} from "../../../registry/sources/postgresSettings.js";
import { parseInput } from "../../../wire/parseInput.js";

export interface PostgresFlags {
  readonly host: string;
  readonly port: string;
  readonly database: string;
  readonly user: string;
  readonly tls: string;
  readonly certificates?: string;
  readonly privateNetwork?: string;
  readonly table: string;
  readonly label: string;
  readonly compare: string;
  readonly wallet?: string;
  readonly profile?: string;
  readonly contenthash?: string;
  readonly text: readonly string[];
  readonly address: readonly string[];
}

/** A day: longer than that nobody waits for a user who has left. */
const LONGEST_FRESH_SEC = 24 * 60 * 60;

const each = (value: string, before: readonly string[]): readonly string[] => [...before, value];
const NONE: readonly string[] = [];

export function withPostgresOptions(command: Command): Command {
  return command
    .requiredOption("--host <name>", "the service's Postgres: one host name or IP address")
    .option("--port <n>", "its port", "5432")
    .requiredOption("--database <name>", "its database")
    .requiredOption("--user <name>", "a role that may read the table, and nothing else")
    .option("--tls <how>", "verified, or off in a private network", "verified")
    .option("--certificates <file>", "PEM of the authority that signed its certificate")
    .option("--private-network <network>", "the network that it lies in, e.g. 10.1.0.0/16")
    .requiredOption("--table <name>", "the table or view, e.g. public.users; each part as it is")
    .requiredOption(
      "--label <column>",
      "the column with the label: alice of alice.users.example.eth",
    )
    .option("--compare <how>", "exact, or lower: by lower(column)", "exact")
    .option("--wallet <column>", "the column with the wallet's address")
    .option("--profile <column>", "the column with the signed profile")
    .option("--contenthash <column>", "the column with the content hash")
    .option("--text <key=column>", "a text record; may be given again", each, NONE)
    .option(
      "--address <coin=column>",
      "an address of another coin; may be given again",
      each,
      NONE,
    );
}

/** Throws INVALID_REQUEST and INVALID_CONFIGURATION. */
export async function postgresSettingsOf(flags: PostgresFlags): Promise<PostgresSettings> {
  const { host, database, user, tls, privateNetwork: network = null } = flags;
  const [schema, table] = schemaAndTable(flags.table);
  const settings = parseInput(postgresSettings, "What was given", {
    kind: "postgres",
    ...{ host, database, user, tls, network, schema, table },
    port: Number(flags.port),
    certificates: flags.certificates === undefined ? null : await pemOf(flags.certificates),
    columns: {
      label: flags.label,
      compare: flags.compare,
      wallet: flags.wallet ?? null,
      profile: flags.profile ?? null,
      contenthash: flags.contenthash ?? null,
      texts: pairs("--text", flags.text),
      addresses: pairs("--address", flags.address),
    },
  });
  if (network !== null) assertPrivateNetwork(network);
  if (tls === "off" && network === null) {
    throw new SignpostError(
      "INVALID_CONFIGURATION",
      "Without TLS everybody on the way could read and change the rows; only in a private network that --private-network names it may be off.",
    );
  }
  return settings;
}

/** A name with a dot of its own cannot be told: a view with another name can. */
function schemaAndTable(given: string): readonly [schema: string, table: string] {
  const [first = "", second, ...rest] = given.split(".");
  if (rest.length > 0) {
    throw new SignpostError(
      "INVALID_REQUEST",
      "--table must be a table, or a schema and a table with one dot between them; make a view with such a name.",
    );
  }
  return second === undefined ? ["public", first] : [first, second];
}

function pairs(option: string, given: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    given.map((pair) => {
      const at = pair.lastIndexOf("=");
      if (at > 0) return [pair.slice(0, at), pair.slice(at + 1)];
      throw new SignpostError(
        "INVALID_REQUEST",
        `${option} ${JSON.stringify(pair)} must be a record and its column, with = between them.`,
      );
    }),
  );
}

async function pemOf(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch {
    throw new SignpostError(
      "INVALID_CONFIGURATION",
      `The certificates in ${shownPath(file)} cannot be read. Check the path.`,
    );
  }
}

/** Throws INVALID_REQUEST. */
export function freshMsOf(text: string): number {
  const sec = Number(text);
  if (/^[0-9]+$/.test(text) && sec >= 1 && sec <= LONGEST_FRESH_SEC) return sec * 1000;
  throw new SignpostError(
    "INVALID_REQUEST",
    `--fresh-sec must be a whole number of seconds, 1 to ${LONGEST_FRESH_SEC}.`,
  );
}
