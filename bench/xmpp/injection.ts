/** Injecting envelopes that were accepted before, by the gateway and by a bare component, in turns on one server. */
import { randomBytes } from "node:crypto";
import pg from "pg";
import type { XmppWorld } from "../../src/demo/xmppWorld.js";
import type { NormalName } from "../../src/ens/normalize.js";
import { parseNativeAddress } from "../../src/messaging/address/nativeAddress.js";
import { envelopeHash } from "../../src/messaging/envelopeHash.js";
import { deliveryStanza } from "../../src/xmpp/messageStanzas.js";
import { say } from "../progress.js";
import { type BareComponent, openBareComponent } from "./bareComponent.js";
import { startReceiver } from "./receiverProcess.js";

export interface InjectionRound {
  readonly barePerSec: number;
  readonly gatewayPerSec: number;
}

const ALICE = "alice.eth" as NormalName;

export async function injectionRound(
  world: XmppWorld,
  bareDomain: string,
  sample: string,
  count: number,
  round: number,
): Promise<InjectionRound> {
  const bare = await openBareComponent(world.server, bareDomain);
  try {
    const turns = [
      async () => ["bare", await byBare(world, bare, bareDomain, sample, count, round)] as const,
      async () => ["gateway", await byGateway(world, sample, count, round)] as const,
    ];
    const perSec: Record<string, number> = {};
    // nobody is always the first
    for (const turn of round % 2 === 0 ? turns : turns.toReversed()) {
      const [who, rate] = await turn();
      say(`round ${round + 1}, ${who}: ${rate.toFixed(0)} a second`);
      perSec[who] = rate;
    }
    return { barePerSec: perSec["bare"] ?? NaN, gatewayPerSec: perSec["gateway"] ?? NaN };
  } finally {
    bare.stop();
  }
}

/** Each with another ciphertext, so that nothing is a copy. */
function envelopes(sample: string, count: number): readonly string[] {
  return Array.from({ length: count }, () =>
    sample.replace(/"message":"[^"]{64}/, () => `"message":"${randomBytes(48).toString("base64")}`),
  );
}

async function byBare(
  { server }: XmppWorld,
  bare: BareComponent,
  domain: string,
  sample: string,
  count: number,
  round: number,
): Promise<number> {
  const receiver = await startReceiver(server, `bare${round}`);
  const domains = { componentDomain: domain, nativeDomain: server.domain };
  const to = parseNativeAddress(receiver.address, "xmpp");
  const stanzas = envelopes(sample, count).map((envelope, index) => {
    const hash = envelopeHash(envelope);
    const stanza = deliveryStanza({ to, from: ALICE, envelope, hash, number: index + 1 }, domains);
    return String(stanza);
  });
  const { report } = await receiver.expect(count);
  await bare.write(stanzas);
  const { elapsedMs } = await report;
  receiver.stop();
  return ((count - 1) / elapsedMs) * 1_000;
}

/** The gateway finds them with its next look into the mailboxes. */
async function byGateway(
  { server, gateway }: XmppWorld,
  sample: string,
  count: number,
  round: number,
): Promise<number> {
  const receiver = await startReceiver(server, `gateway${round}`);
  const { report } = await receiver.expect(count);
  await keep(gateway.databaseUrl, receiver.address, envelopes(sample, count));
  const { elapsedMs } = await report;
  receiver.stop();
  return ((count - 1) / elapsedMs) * 1_000;
}

async function keep(databaseUrl: string, address: string, all: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ base: string }>("select current_schema() as base");
    const base = rows[0]?.base ?? "";
    const account = randomBytes(20);
    const bytes = all.reduce((sum, { length }) => sum + length, 0);
    await client.query("begin");
    await client.query(
      `insert into ${base}_relay.account (address, profile, last_number, messages, bytes)
       values ($1, '{}', $2::bigint, $2::bigint::integer, $3)`,
      [account, all.length, bytes],
    );
    await client.query(
      `insert into ${base}_relay.message
         (account, number, sender, sender_name, sender_domain, claimed_hash, body_hash, bytes, envelope)
       select $1, at, $2, '${ALICE}', '*.alice.eth', sha256(envelope::bytea), sha256(envelope::bytea),
         length(envelope), envelope
       from unnest($3::text[]) with ordinality as given(envelope, at)`,
      [account, randomBytes(20), all],
    );
    await client.query(
      `insert into ${base}_xmpp.link (native, account, name, signed_at_sec) values ($1, $2, $3, 1)`,
      [address, account, "bench.example.eth"],
    );
    await client.query("commit");
    await client.query(`analyze ${base}_relay.message`);
  } finally {
    await client.end();
  }
}
