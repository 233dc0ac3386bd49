/** A bridge's mail side on loopback: DNS of the test, events that note what they hear. */
import { generateKeyPairSync } from "node:crypto";
import { type LoopbackDns, startDns } from "../../src/demo/mail/dnsServer.js";
import type { NormalName } from "../../src/ens/normalize.js";
import type { SignpostError } from "../../src/errors.js";
import { rateLimits } from "../../src/http/fairness/rateLimits.js";
import { readDkimKey } from "../../src/mail/dkimKeys.js";
import { dnsResolver } from "../../src/mail/dnsResolver.js";
import { USUAL_INBOUND } from "../../src/mail/inboundLimits.js";
import type { SignerMemory } from "../../src/mail/mailPorts.js";
import {
  type MailTransport,
  mailTransport,
  type MailTransportSettings,
} from "../../src/mail/mailTransport.js";
import { USUAL_OUTBOUND } from "../../src/mail/outboundLimits.js";
import { USUAL_BUDGET, USUAL_INLET } from "../../src/mail/usualBounds.js";
import {
  formatNativeAddress,
  type NativeAddress,
} from "../../src/messaging/address/nativeAddress.js";
import type {
  IncomingNative,
  NativeEvents,
  NativeReport,
} from "../../src/messaging/bridge/nativeTransport.js";

export const MAIL_DOMAIN = "bridge.test";
export const carol = "carol.eth" as NormalName;

const pem = (kind: "rsa" | "ed25519") => {
  const { privateKey } =
    kind === "rsa"
      ? generateKeyPairSync("rsa", { modulusLength: 2_048 })
      : generateKeyPairSync("ed25519");
  return privateKey.export({ type: "pkcs8", format: "pem" }) as string;
};
export const DKIM_KEYS = {
  rsa: readDkimKey("rsa", "r1", pem("rsa")),
  ed25519: readDkimKey("ed25519", "e1", pem("ed25519")),
};

interface LearntCertificate {
  readonly owner: string;
  readonly by: NormalName | null;
  readonly certificate: Uint8Array;
}

export interface MailScene {
  readonly transport: MailTransport;
  readonly port: number;
  readonly dns: LoopbackDns;
  readonly received: IncomingNative[];
  readonly reported: NativeReport[];
  readonly troubles: SignpostError[];
  /** Addresses that are known, as text. */
  readonly known: Set<string>;
  readonly tokens: Set<string>;
  readonly optedOut: Set<string>;
  readonly left: NativeAddress[];
  /** Certificates of mail users, and from whom. */
  readonly learnt: LearntCertificate[];
  /** When each of them was said to be theirs, Unix milliseconds. */
  readonly learntAtMs: number[];
  /** Exchanged by tests. */
  readonly events: { -readonly [Key in keyof NativeEvents]: NativeEvents[Key] };
  readonly stop: () => Promise<void>;
}

export async function startScene(
  change: (
    usual: MailTransportSettings,
    dns: LoopbackDns,
  ) => Partial<MailTransportSettings> = () => ({}),
): Promise<MailScene> {
  const dns = await startDns();
  const received: IncomingNative[] = [];
  const reported: NativeReport[] = [];
  const left: NativeAddress[] = [];
  const troubles: SignpostError[] = [];
  const [known, tokens, optedOut] = [new Set<string>(), new Set<string>(), new Set<string>()];
  const told = new Set<string>();
  const learnt: LearntCertificate[] = [];
  const learntAtMs: number[] = [];
  const usual = usualMail(dns, { troubles, optedOut, learnt, learntAtMs });
  const events: MailScene["events"] = {
    exists: (name) => Promise.resolve(name.endsWith(".eth")),
    nameOfHash: () => Promise.resolve(null),
    isKnown: (address) => Promise.resolve(known.has(formatNativeAddress(address))),
    hasWritten: (address) => Promise.resolve(known.has(formatNativeAddress(address))),
    received: (message) => Promise.resolve(void received.push(message)),
    left: (address) => Promise.resolve(void left.push(address)),
    isTold: (message) => Promise.resolve(told.has(message.digest)),
    noteTold: (message) => Promise.resolve(void told.add(message.digest)),
    isToken: (token) => Promise.resolve(tokens.has(token)),
    reported: (report) => Promise.resolve(void reported.push(report)),
  };
  const transport = mailTransport({ ...usual, ...change(usual, dns) });
  const started = transport.start({
    exists: (name) => events.exists(name),
    nameOfHash: (localPart) => events.nameOfHash(localPart),
    isKnown: (address) => events.isKnown(address),
    hasWritten: (address) => events.hasWritten(address),
    received: (message) => events.received(message),
    left: (address) => events.left(address),
    isTold: (message) => events.isTold(message),
    noteTold: (message) => events.noteTold(message),
    isToken: (token) => events.isToken(token),
    reported: (report) => events.reported(report),
  });
  await started.catch(async (error: unknown) => {
    await dns.stop();
    throw error;
  });
  return {
    ...{ transport, port: transport.port()!, dns, received, reported, troubles },
    ...{ known, tokens, optedOut, left, learnt, learntAtMs, events },
    stop: async () => {
      await transport.stop();
      await dns.stop();
    },
  };
}

/** How a bridge is set up on loopback. */
export function usualMail(
  dns: Pick<LoopbackDns, "server">,
  {
    troubles,
    optedOut,
    learnt,
    learntAtMs,
  }: Pick<MailScene, "troubles" | "optedOut"> & Partial<Pick<MailScene, "learnt" | "learntAtMs">>,
): MailTransportSettings {
  return {
    mailDomain: MAIL_DOMAIN,
    inlet: {
      ...{ host: "127.0.0.1", port: 0, hostName: "mx.bridge.test", tls: null },
      ...USUAL_INLET,
      sizeLimit: 2_000_000,
    },
    outlet: { direct: { tls: "if offered", port: 25, mayConnect: () => false } },
    dkim: DKIM_KEYS,
    resolve: dnsResolver([dns.server], 1_000),
    counter: rateLimits(() => performance.now()),
    inbound: USUAL_INBOUND,
    outbound: USUAL_OUTBOUND,
    budget: USUAL_BUDGET,
    signers: rememberedSigners(),
    optOuts: {
      has: (address) => Promise.resolve(optedOut.has(formatNativeAddress(address))),
      add: (address) => Promise.resolve(void optedOut.add(formatNativeAddress(address))),
      remove: (address) => Promise.resolve(void optedOut.delete(formatNativeAddress(address))),
    },
    certificateOf: () => Promise.resolve(null),
    sealReport: () => Promise.resolve(null),
    learn: (owner, by, certificate, saidMs) => {
      learnt?.push({ owner: formatNativeAddress(owner), by, certificate });
      learntAtMs?.push(saidMs);
      return Promise.resolve();
    },
    trouble: (error) => troubles.push(error),
    nowMs: Date.now,
  };
}

function rememberedSigners(): SignerMemory {
  const seen = new Set<string>();
  const key = (address: NativeAddress, domain: string) =>
    `${formatNativeAddress(address)} ${domain}`;
  return {
    has: (address, domain) => Promise.resolve(seen.has(key(address, domain))),
    add: (address, domain) => Promise.resolve(void seen.add(key(address, domain))),
  };
}
