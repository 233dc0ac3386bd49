/**
 * A bridge on a real Postgres, beside a relay node's core. The network that knows nothing of DM3 is a list of what was sent there,
 * and tests say what it answers. Alice of the vectors is the DM3 user.
 */
import { sleep } from "../../../src/connecting/sleep.js";
import { injectionStore } from "../../../src/db/messaging/injectionStore.js";
import { submissionStore } from "../../../src/db/messaging/submissionStore.js";
import { type DecodedMessage, decodeMessage } from "../../../src/dm3/message/decodeMessage.js";
import { encodeMessage } from "../../../src/dm3/message/encodeMessage.js";
import type { MessageContent } from "../../../src/dm3/message/messageContent.js";
import { nativeAttachment } from "../../../src/dm3/message/nativeMessage.js";
import { checksumAddress } from "../../../src/ens/address.js";
import type { NormalName } from "../../../src/ens/normalize.js";
import { SignpostError } from "../../../src/errors.js";
import { bridgeItselfAt } from "../../../src/messaging/address/bridgeItself.js";
import { parseNativeAddress } from "../../../src/messaging/address/nativeAddress.js";
import { bridgeNetwork } from "../../../src/messaging/bridge/bridgeNetwork.js";
import type { Introduced } from "../../../src/messaging/bridge/bridgeParts.js";
import type { VirtualUser } from "../../../src/messaging/bridge/custody.js";
import type {
  NativeAnswer,
  NativeEvents,
  NativeNotice,
  OutgoingNative,
} from "../../../src/messaging/bridge/nativeTransport.js";
import { messagingGateway } from "../../../src/messaging/messagingGateway.js";
import { found, relayNode } from "../../dm3/message/sampleEnvelopes.js";
import { people } from "../../dm3/profile/sampleProfiles.js";
import { engineKeysOf } from "../../relay/relayWorld.js";
import { listedOutbox, outboxSchemaOf } from "../listedOutbox.js";
import { openBridgeGround, RELAY_NODE } from "./bridgeGround.js";

export const MAILER = parseNativeAddress("bob@mail.test", "mail");
export const MAILER_NAME = "bob.mail.test.bridge.eth" as NormalName;
/** The bridge, and its name. */
export const ITSELF = bridgeItselfAt("dm3.test");
export const ITS_NAME = "mailer-daemon.bridge.eth" as NormalName;
export const ALICE = "alice.eth" as NormalName;
/** Encrypted by somebody's app; a bridge cannot tell. */
export const NATIVE = new TextEncoder().encode(
  'Content-Type: multipart/encrypted; boundary="b"\r\nMessage-ID: <one@mail.test>\r\n\r\n--b\r\n',
);

export type BridgeWorld = Awaited<ReturnType<typeof openBridgeWorld>>;

export async function openBridgeWorld() {
  const ground = await openBridgeGround("dm3.test");
  const { relay, pool, tables, ownTables, links, passages, counter, nowMs, profileOf } = ground;
  const network = {
    sent: [] as OutgoingNative[],
    told: [] as NativeNotice[],
    onTell: () => Promise.resolve(),
    answer: (() => Promise.resolve({ is: "taken" })) as (
      message: OutgoingNative,
    ) => Promise<NativeAnswer>,
    events: null as NativeEvents | null,
    introduce: (text: string, by: NormalName): Promise<Introduced> =>
      Promise.reject(
        new SignpostError("INVALID_REQUEST", `${text} of ${by} has no @.`, { field: "x" }),
      ),
  };
  const failures: unknown[] = [];
  const bridge = bridgeNetwork({
    transport: {
      kind: "mail",
      start: (events) => {
        network.events = events;
        return Promise.resolve();
      },
      send: async (message) => {
        const answer = await network.answer(message);
        if (answer.is === "taken") network.sent.push(message);
        return answer;
      },
      tell: async (notice) => {
        await network.onTell();
        network.told.push(notice);
      },
      stop: () => Promise.resolve(),
    },
    itself: ITSELF,
    introduce: (text, by) => network.introduce(text, by),
    longNames: ground.longNames,
    custody: ground.newCustody(),
    ...{ passages, directory: relay.directory, profileOf, counter, nowMs, ...ground.long },
    sleep,
    reportFailure: (error) => failures.push(error),
  });
  const all = { ...ownTables, ...tables };
  const outboxSchema = await outboxSchemaOf(pool);
  const outbox = listedOutbox(pool, outboxSchema, tables, ground.secrets);
  const gateway = messagingGateway({
    relayNode: RELAY_NODE,
    given: {
      names: ground.names,
      publisher: {
        publish: (name, address, { profile }) => {
          relay.names.persons.set(name, { address, profile, sentence: "Found." });
          return Promise.resolve();
        },
        withdraw: (name) => {
          relay.names.persons.delete(name);
          return Promise.resolve();
        },
      },
    },
    ...{ directory: relay.directory, accounts: relay.database.accounts, links, outbox, nowMs },
    submissions: submissionStore(pool, { tables: all, outboxSchema, isOfManyDomains: true }),
    messages: injectionStore(pool, all, relay.database.tables),
    network: bridge,
    place: () => null,
    wake: () => undefined,
    counter,
    ...{ sizeLimit: 100_000, deadlineMs: 5 * 86_400_000 },
    reportFailure: (error) => failures.push(error),
    note: () => undefined,
  });
  bridge.start(gateway.events);
  await gateway.idle();

  /** Another name of alice's. */
  const long = { name: `${"l".repeat(60)}.alice.eth` as NormalName };
  relay.names.persons.set(long.name, relay.names.persons.get(ALICE)!);

  /** Alice writes to the mail user, through the relay node. */
  async function aliceWrites(
    content: MessageContent,
    user: VirtualUser,
    from: NormalName = ALICE,
  ): Promise<string> {
    const person = relay.names.persons.get(user.name);
    const message = { ...content, from, to: user.name, timestampMs: relay.clock.nowMs };
    const { envelopes, messageHash } = await encodeMessage(message, {
      keys: await engineKeysOf("alice"),
      receiver: { profile: person!.profile!, relayNodes: [found(relayNode)] },
    });
    await relay.submit(envelopes[0]!.envelope);
    gateway.kick(user.wallet);
    await gateway.idle();
    return messageHash;
  }

  /** What is on its way to alice, opened with her keys. */
  async function onTheWay(): Promise<readonly DecodedMessage[]> {
    const keys = await engineKeysOf("alice");
    const all = await outbox.list();
    return Promise.all(
      all.map(({ sealed }) =>
        decodeMessage(Object.values(sealed!.envelopes)[0]!.envelope, {
          ...{ keys, ownNames: [ALICE, long.name] },
          contactOf: (name) => {
            const person = relay.names.persons.get(name);
            if (person?.address == null || person.profile === null) return null;
            return { profile: person.profile, address: checksumAddress(person.address) };
          },
        }),
      ),
    );
  }

  /** Of the message that the relay node took so many ones before. */
  const stateOf = async (place: number) => {
    const text = `
      select state, envelope from ${relay.database.tables.message}
      order by number limit 1 offset ${place - 1}`;
    return (await pool.query<{ state: string; envelope: string | null }>(text)).rows[0];
  };

  return {
    ...{
      relay,
      network,
      counter,
      long,
      failures,
      gateway,
      bridge,
      passages,
      outbox,
      pool,
      tables,
      ownTables,
    },
    ...{ files: ground.files, pieces: ground.long.pieces, links },
    ...{ profiles: ground.profiles, newCustody: ground.newCustody },
    ...{ aliceWrites, onTheWay, stateOf, people },
    events: () => network.events!,
    user: () =>
      ground.newCustody().userFor(MAILER, gateway.events, {
        is: "introduced",
        network: null,
      }),
    letter: { type: "NEW", text: "", attachments: [nativeAttachment(NATIVE)] } as const,
    close: ground.close,
  };
}
