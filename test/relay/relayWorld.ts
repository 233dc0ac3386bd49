/** A relay node's core on a real Postgres; ENS is a table here, which tests change as people change theirs. */
import { fromHex } from "../../src/abi/hex.js";
import {
  type Directory,
  type Person,
  type RememberingDirectory,
  rememberingDirectory,
} from "../../src/accounts/directory.js";
import { deriveProfileKeys, publicKeyFields } from "../../src/dm3/keys/keys.js";
import { encodeMessage, type EncodeOptions } from "../../src/dm3/message/encodeMessage.js";
import type { Envelope } from "../../src/dm3/message/envelope.js";
import { type MessageKeys, messageKeysOf } from "../../src/dm3/message/messageKeys.js";
import type { UserProfile } from "../../src/dm3/profile/profile.js";
import { type Address, addressFrom } from "../../src/ens/address.js";
import { SignpostError } from "../../src/errors.js";
import { rateLimits } from "../../src/http/fairness/rateLimits.js";
import { nodeEngine } from "../../src/native/nodeEngine.js";
import type { WalletFacts } from "../../src/relay/filters.js";
import { fixedKeys } from "../../src/relay/nodeKeys.js";
import { type SenderBounds, senderLimits, USUAL_BOUNDS } from "../../src/relay/senderLimits.js";
import type { MailboxBounds } from "../../src/relay/store.js";
import { type Accepted, submit, type SubmitParts } from "../../src/relay/submit.js";
import { openRelayDatabase, type RelayDatabase } from "../db/relay/relayDatabase.js";
import { bytes } from "../db/sampleNames.js";
import {
  found,
  keysOf,
  type Person as VectorPerson,
  relayNode,
  relayNodeKeys,
} from "../dm3/message/sampleEnvelopes.js";
import { people } from "../dm3/profile/sampleProfiles.js";

export const START_MS = Date.UTC(2026, 0, 1);

/** The table that stands for ENS. */
export interface NameTable extends Directory {
  readonly persons: Map<string, Person>;
  /** How often it was asked. */
  asked: number;
  /** False: it does not answer. */
  answers: boolean;
}

export function nameTable(): NameTable {
  const persons = new Map<string, Person>(
    Object.values(people).map(({ ensName, address, profile }) => [
      ensName,
      { address: addressFrom(fromHex(address.toLowerCase())), profile, sentence: "Found." },
    ]),
  );
  const table: NameTable = {
    persons,
    asked: 0,
    answers: true,
    personOf: (name) => {
      table.asked++;
      if (!table.answers) {
        const sentence = "The RPC node did not answer.";
        return Promise.reject(new SignpostError("UNREACHABLE", sentence));
      }
      const nobody = { address: null, profile: null, sentence: `${name} has no resolver in ENS.` };
      return Promise.resolve(persons.get(name) ?? nobody);
    },
  };
  return table;
}

/** Somebody new, with keys of their own. Their wallet signed nothing, which a directory would have checked. */
export interface Somebody {
  readonly name: string;
  readonly address: Address;
  readonly profile: UserProfile;
  readonly keys: MessageKeys;
}

export async function somebody(name: string, seed: number): Promise<Somebody> {
  const derived = deriveProfileKeys(bytes(32, seed));
  return {
    name,
    address: addressFrom(bytes(20, seed)),
    profile: { ...publicKeyFields(derived), deliveryServices: [relayNode.ensName] },
    keys: await messageKeysOf(nodeEngine, derived),
  };
}

export const personOf = ({ address, profile }: Somebody): Person => ({
  ...{ address, profile },
  sentence: "Found.",
});

export interface RelayWorld {
  readonly database: RelayDatabase;
  readonly names: NameTable;
  readonly directory: RememberingDirectory;
  readonly parts: SubmitParts;
  readonly clock: { nowMs: number };
  /** What the chain says of every wallet. */
  readonly wallet: { balance: bigint; nonce: bigint; token: bigint };
  submit(envelope: unknown): Promise<Accepted>;
  /** An envelope for this node, as our encoder makes it. */
  write(mail: Partial<Mail>): Promise<Envelope>;
  /** What waits for bob. */
  mailOfBob(): Promise<ServedEnvelope[]>;
  signUpBob(): Promise<void>;
  close(): Promise<void>;
}

interface Mail extends Pick<EncodeOptions, "hashField" | "deliveryInstruction"> {
  readonly from: string;
  readonly to: string;
  readonly text: string;
  /** By whose keys it is signed. */
  readonly keys: MessageKeys;
}

interface ServedEnvelope {
  readonly message: string;
  readonly metadata: Readonly<Record<string, unknown>> & {
    readonly deliveryInformation: Readonly<Record<string, unknown>>;
  };
  readonly postmark: string;
}

export interface WorldOptions {
  readonly bounds?: MailboxBounds;
  readonly senderBounds?: SenderBounds;
}

export const BOB = addressFrom(fromHex(people.bob.address.toLowerCase()));
export const ALICE = addressFrom(fromHex(people.alice.address.toLowerCase()));
export const engineKeysOf = (person: VectorPerson) => keysOf(nodeEngine, person);

export async function openRelayWorld({
  bounds,
  senderBounds = USUAL_BOUNDS,
}: WorldOptions = {}): Promise<RelayWorld> {
  const database = await openRelayDatabase();
  const names = nameTable();
  const clock = { nowMs: START_MS };
  const wallet = { balance: 0n, nonce: 0n, token: 0n };
  const directory = rememberingDirectory(names, { nowMs: () => clock.nowMs });
  const mailboxes = database.mailboxes(bounds);
  const wallets: WalletFacts = {
    balanceOf: () => Promise.resolve(wallet.balance),
    nonceOf: () => Promise.resolve(wallet.nonce),
    tokenBalanceOf: () => Promise.resolve(wallet.token),
  };
  const alice = await engineKeysOf("alice");
  const parts: SubmitParts = {
    keys: fixedKeys(await relayNodeKeys(nodeEngine)),
    directory,
    accounts: database.accounts,
    mailboxes,
    wallets,
    limits: senderLimits(
      rateLimits(() => clock.nowMs),
      senderBounds,
    ),
    sizeLimit: 100_000,
    nowMs: () => clock.nowMs,
  };
  const world: RelayWorld = {
    ...{ database, names, directory, parts, clock, wallet },
    submit: (envelope) => submit(parts, envelope),
    write: async ({
      from = "alice.eth",
      to = "bob.eth",
      text = "Hello Bob",
      keys = alice,
      ...rest
    }) => {
      const message = { from, to, type: "NEW", text, timestampMs: clock.nowMs } as const;
      const receiver = { profile: people.bob.profile, relayNodes: [found(relayNode)] };
      const { envelopes } = await encodeMessage(message, { keys, receiver, ...rest });
      return envelopes[0]!.envelope;
    },
    mailOfBob: async () =>
      (await mailboxes.waiting(BOB)).map((text) => JSON.parse(text) as ServedEnvelope),
    signUpBob: async () => {
      const { signedUserProfile: signed } = people.bob;
      await database.accounts.putAccount({ address: BOB, name: "bob.eth" as never, signed });
    },
    close: () => database.close(),
  };
  await world.signUpBob();
  return world;
}
