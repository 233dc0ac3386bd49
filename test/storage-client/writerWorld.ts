/**
 * What writes into a storage, with a time of its own, which passes when a test lets it, and while the storage is asked. The storage is a
 * fake one that a test bends: it takes everything, and keeps nothing.
 */
import { decodeBase64 } from "../../src/dm3/base64.js";
import { addressFrom } from "../../src/ens/address.js";
import { SignpostError } from "../../src/errors.js";
import type { FetchAnswer, FetchRequest } from "../../src/fetch/fetcher.js";
import type { StorageParts } from "../../src/messenger/storagePort.js";
import { memoryKeyValue } from "../../src/sending/keyValue.js";
import { createConnection } from "../../src/storage-client/connection.js";
import { createContactIds } from "../../src/storage-client/contactIds.js";
import { createPendingWrites } from "../../src/storage-client/pendingWrites.js";
import { createPutting } from "../../src/storage-client/putting.js";
import { storageSettings } from "../../src/storage-client/storageSettings.js";
import { startWriter, type Writer } from "../../src/storage-client/writer.js";
import { ENGINES } from "../dm3/crypto/engines.js";
import { keysOf } from "../dm3/message/sampleEnvelopes.js";
import { people } from "../dm3/profile/sampleProfiles.js";

const DOMAIN = "addr.test";
const CHALLENGE = "eyJhbGciOiJIUzI1NiJ9.eyJhY2NvdW50IjoiYm9iLmV0aCJ9.c2lnbmF0dXJl";
const MOST_SLEEPS = 100;

/** What somebody's conversation is called: nobody has to be asked for it. */
export const person = (which: number) =>
  `0x${which.toString(16).padStart(2, "0").repeat(20)}.${DOMAIN}`;

/** What the storage does when it is asked about a conversation: a status, or nothing. */
type Bend = (contact: string) => number | "no answer" | Promise<number>;

export interface WriterWorld {
  readonly writer: Writer;
  /** Conversations that the storage was asked about, in this order. */
  readonly asked: string[];
  /** Codes of what the app was told. */
  readonly problems: Set<string>;
  bend: Bend;
  /** For names, which have no address otherwise. Rejects where nobody tells. */
  addressOf: (name: string) => Promise<ReturnType<typeof addressFrom> | null>;
  /** Begins the conversation, or hides it. */
  add(contact: string): Promise<void>;
  /** Contacts of what waits on the device. */
  left(): Promise<readonly string[]>;
  /** Resolves when the writer sleeps: for how long, in milliseconds. */
  asleep(): Promise<number>;
  pass(ms: number): void;
  setBack(ms: number): void;
  /** Lets time pass until the writer wants to sleep for ever, or nothing is left. Returns how long it slept. */
  passAll(): Promise<number>;
}

interface Sleeper {
  readonly ms: number;
  readonly dueMs: number;
  readonly wake: () => void;
}

export async function createWriterWorld(): Promise<WriterWorld> {
  const keys = await keysOf(ENGINES.node, "bob");
  let [passedMs, setBackMs] = [0, 0];
  const sleepers = new Set<Sleeper>();
  const nowMs = () => 1_000_000_000 + passedMs - setBackMs;
  const sleep = (ms: number, signal: AbortSignal) =>
    new Promise<void>((resolve) => {
      if (signal.aborted || ms <= 0) {
        resolve();
        return;
      }
      const wake = () => {
        sleepers.delete(sleeper);
        resolve();
      };
      const sleeper = { ms, dueMs: passedMs + ms, wake };
      sleepers.add(sleeper);
      signal.addEventListener("abort", wake);
    });

  async function fetcher({ url, method, body }: FetchRequest): Promise<FetchAnswer> {
    if (url.includes("/auth/")) return answer(method === "GET" ? CHALLENGE : "a token");
    const { encryptedContactName } = JSON.parse(String(body)) as { encryptedContactName: string };
    const account = await connection.account();
    const contact = (await account.seal.open(encryptedContactName)) ?? "";
    world.asked.push(contact);
    const status = await world.bend(contact);
    if (status === "no answer") throw new SignpostError("UNREACHABLE", "It took too long.", {});
    return answer({}, status);
  }

  const address = addressFrom(new Uint8Array(20).fill(7));
  const parts = {
    ...{ keys: [keys], sleep, access: { fetcher, timeoutMs: 1_000 } },
    clock: { nowMs, chance: () => 0 },
    own: {
      now: () => Promise.resolve({ address }),
      seen: () => people.bob.signedUserProfile,
    },
  } as unknown as StorageParts;
  const settings = storageSettings({
    ...{ url: "https://storage.test", addressDomain: DOMAIN, account: "bob.test" },
    keys: decodeBase64(people.bob.storageKey),
  });
  const connection = createConnection(settings, parts);
  const contactIds = createContactIds({
    ...{ addressDomain: DOMAIN, nowMs, sleep },
    addressOf: (name) => world.addressOf(name),
  });
  const pending = createPendingWrites({
    ...{ store: memoryKeyValue(), nowMs, instance: "one" },
    onAdded: () => {
      writer.added();
    },
  });
  const onFailure = ({ code }: SignpostError) => void world.problems.add(code);
  const halted = { rowIdOf: () => Promise.resolve(null) };
  const putting = createPutting({ keys, contactIds, halted, onFailure });
  const writer = startWriter({ ...parts, connection, contactIds, pending, putting, onFailure });

  const left = async () => (await pending.all()).map(({ write }) => write.contact);
  const world: WriterWorld = {
    ...{
      writer,
      left,
      asked: [],
      problems: new Set(),
      bend: () => 200,
      addressOf: () => Promise.resolve(null),
    },
    async add(contact) {
      await pending.add({ kind: "hide", contact, isHidden: true });
    },
    async asleep() {
      for (;;) {
        const [first] = sleepers;
        if (first !== undefined) return first.ms;
        await new Promise(setImmediate);
      }
    },
    pass(ms) {
      passedMs += ms;
      for (const { dueMs, wake } of [...sleepers]) if (dueMs <= passedMs) wake();
    },
    setBack(ms) {
      setBackMs += ms;
    },
    async passAll() {
      let sleptMs = 0;
      for (let each = 0; each < MOST_SLEEPS; each++) {
        const ms = await world.asleep();
        if (ms === Infinity || (await left()).length === 0) return sleptMs;
        sleptMs += ms;
        world.pass(ms);
      }
      throw new Error("It sleeps again and again.");
    },
  };
  return world;
}

function answer(json: unknown, status = 200): FetchAnswer {
  const body = new TextEncoder().encode(JSON.stringify(json));
  return { status, contentType: "application/json", body };
}
