/** The mail bridge, put together from parts that are handed in. */
import { connectNetwork } from "../../connecting/connectNetwork.js";
import { custodyOf } from "../../connecting/custody.js";
import type { EnsAccess } from "../../connecting/ensAccess.js";
import type { NetworkGround } from "../../connecting/networkGround.js";
import { sleep } from "../../connecting/sleep.js";
import { optOutStore, signerStore } from "../../db/messaging/addressMarks.js";
import { bridgeTables } from "../../db/messaging/bridgeTables.js";
import { longNameStore } from "../../db/messaging/longNameStore.js";
import { mailCertificateStore } from "../../db/messaging/mailCertificateStore.js";
import { passageStore } from "../../db/messaging/passageStore.js";
import { pieceStore } from "../../db/messaging/pieceStore.js";
import { virtualUserStore } from "../../db/messaging/virtualUserStore.js";
import type { NormalName } from "../../ens/normalize.js";
import { assertNormalName } from "../../ens/normalName.js";
import { resolveCertificate } from "../../lookup/resolveCertificate.js";
import { type MailTransport, mailTransport } from "../../mail/mailTransport.js";
import { memoryBudget } from "../../mail/memoryBudget.js";
import { rememberingOptOuts } from "../../mail/rememberingOptOuts.js";
import { USUAL_BUDGET } from "../../mail/usualBounds.js";
import { bridgeItselfAt } from "../../messaging/address/bridgeItself.js";
import type { NativeAddress } from "../../messaging/address/nativeAddress.js";
import type { NamesOfNetwork } from "../../messaging/address/nativeName.js";
import { bridgeNetwork } from "../../messaging/bridge/bridgeNetwork.js";
import { fetchingPlaces } from "../../messaging/bridge/fetchingPlaces.js";
import type { PieceStore } from "../../messaging/bridge/keepNative.js";
import { rememberingPassages } from "../../messaging/bridge/rememberingPassages.js";
import { createGuardedFetcher } from "../../net/guardedFetch.js";
import type { Parts, RunningCapability } from "../../service/capability.js";
import { bridgeRoutes } from "./bridgeRoutes.js";
import { canaryPlan } from "./canary/canaryPlan.js";
import { certificates } from "./certificates.js";
import { introducingItself } from "./introduceItself.js";
import { introducer } from "./introduction.js";
import { mailServerSettings } from "./mailServer.js";
import { mailSizeWithin } from "./mailSize.js";
import { MAIL, WALLET_SECRET } from "./migrations.js";
import { ownCertificate, ownMailKey } from "./ownMailKey.js";
import { rememberingCertificates } from "./rememberingCertificates.js";
import { reportSealer } from "./sealReport.js";
import { type BridgeConfig, bridgeIn, type MailConfig, relayNodeIn } from "./settings.js";

export interface MailOptions extends Omit<MailConfig, "ens">, EnsAccess {
  readonly allowLoopback: boolean;
}

/** In bytes, of an envelope: what relay nodes take by dm3's default. */
const USUAL_ENVELOPE = 100_000;
const FETCH_TIMEOUT_MS = 10_000;

/** How the numbers are told. */
export const TOLD = { capability: MAIL, as: "the mail bridge" } as const;

/** Throws DATABASE_UNAVAILABLE, INVALID_CONFIGURATION, and what `Secrets` throws. */
export async function startMail(parts: Parts, options: MailOptions): Promise<RunningCapability> {
  const bridge = bridgeIn(options);
  const relayNode = relayNodeIn(options);
  assertNormalName(relayNode);
  const names = namesOf(bridge);
  const server = await mailServerSettings(options, bridge, parts.nowMs);
  const { registry, domain } = bridge;
  const apiKey = options.secrets.registryKey ?? "";
  const certificateOf = certificates(
    domain,
    (name) => resolveCertificate(name, "openpgp", options.lookups),
    parts.nowMs,
  );
  const fetcher = createGuardedFetcher({ allowLoopback: options.allowLoopback });
  return connectNetwork(parts, {
    ...{ ...options, ...TOLD, relayNode, place: domain },
    given: { names, registry: { ...registry, apiKey } },
    notConnected: `The mail bridge does not take mail at ${options.listen.host}:${options.listen.port}: messages wait. If it does not begin to within seconds, look in the log why.`,
    join: (ground) => {
      const stands = standing(parts, ground, names, relayNode);
      const { optOuts, signers, ...bridged } = stands;
      const introduce = introducer({ ...stands, events: ground.events, mailDomain: domain });
      const pieces = piecesOf(ground, options.kept, parts.nowMs);
      const onGround = {
        ...{ ...bridged, directory: ground.directory, profileOf: options.profileOf, sleep },
        ...{ counter: ground.counter, nowMs: parts.nowMs, reportFailure: ground.reportFailure },
        ...{
          itself: bridgeItselfAt(domain),
          introduce: (text: string, by: NormalName) => introduce(text, { is: "asked", by }),
        },
        ...{ pieces, longestInside: mailSizeWithin(Math.min(options.sizeLimit, USUAL_ENVELOPE)) },
        fetching: {
          access: { fetcher, timeoutMs: FETCH_TIMEOUT_MS },
          ...{ mostBytes: options.mailSizeLimit, budget: memoryBudget(USUAL_BUDGET) },
          places: fetchingPlaces(),
        },
      };
      let current: MailTransport | null = null;
      const open = () => {
        const transport = mailTransport({
          ...{ ...server, counter: ground.counter, signers, certificateOf },
          optOuts: rememberingOptOuts(optOuts, parts.nowMs),
          sealReport: reportSealer({ ...stands, mailDomain: domain, nowMs: parts.nowMs }),
          learn: stands.certificates.learn,
          trouble: ground.reportFailure,
          nowMs: parts.nowMs,
        });
        current = transport;
        const network = bridgeNetwork({ ...onGround, transport });
        return introducingItself(network, { ...onGround, events: ground.events });
      };
      return {
        open,
        canary:
          options.canary &&
          canaryPlan({
            ...{ canary: options.canary, mailDomain: domain, ownKey: stands.ownKey },
            ...{ transport: () => current, nowMs: parts.nowMs },
          }),
        routes: bridgeRoutes({
          ...{ ...stands, ...ground, trusted: parts.trustedProxies },
          ...{ mailDomain: domain, certificateOf, introduce },
          ownCertificate: ownCertificate(stands.ownKey, parts.nowMs),
        }),
        forget: stands.passages.forget,
      };
    },
  });
}

function piecesOf(
  { pool, schema, tables, relay, counter }: NetworkGround,
  kept: MailConfig["kept"],
  nowMs: () => number,
): PieceStore | null {
  const both = { ...tables, ...bridgeTables(schema) };
  return kept && pieceStore(pool, both, relay, { ...kept, counter, nowMs });
}

/** What the bridge keeps. */
function standing(
  { secrets, nowMs }: Parts,
  { pool, schema, links, counter }: NetworkGround,
  names: NamesOfNetwork,
  relayNode: NormalName,
) {
  const tables = bridgeTables(schema);
  const users = virtualUserStore(pool, tables, secrets, WALLET_SECRET);
  const passages = rememberingPassages(passageStore(pool, tables), nowMs);
  const certificates = rememberingCertificates(mailCertificateStore(pool, tables), nowMs);
  return {
    custody: custodyOf({ users, links, names, relayNode, counter, nowMs }),
    passages: {
      ...passages,
      forgetAllOf: async (native: NativeAddress) => {
        await passages.forgetAllOf(native);
        certificates.forget(native);
      },
    },
    longNames: longNameStore(pool, tables),
    signers: signerStore(pool, tables),
    optOuts: optOutStore(pool, tables),
    certificates,
    ownKey: ownMailKey({ pool, tables, secrets, mailDomain: names.virtualDomain }),
  };
}

function namesOf({ registry, domain: virtualDomain }: BridgeConfig): NamesOfNetwork {
  const { names: domain } = registry;
  assertNormalName(domain);
  return { kind: "mail", domain, nativeDomain: null, virtualDomain };
}
