/** Alice and Bob of the vectors as throw-away accounts, and the record of the relay node in the vectors at any URL. */
import { examineRelayNode } from "../../src/conformance/examineRelayNode.js";
import type { Account, Accounts } from "../../src/conformance/subject.js";
import { decodeBase64 } from "../../src/dm3/base64.js";
import type { Line } from "../../src/doctor/line.js";
import type { FoundRelayNode } from "../../src/lookup/outcome.js";
import { relayNode } from "../dm3/message/sampleEnvelopes.js";
import { people } from "../dm3/profile/sampleProfiles.js";

type Pair = Readonly<Record<"publicKey" | "privateKey", string>>;

const pairOf = ({ publicKey, privateKey }: Pair) => ({
  publicKey: decodeBase64(publicKey),
  privateKey: decodeBase64(privateKey),
});

function accountOf(person: "alice" | "bob"): Account {
  const { ensName, keys, signedUserProfile } = people[person];
  return {
    name: ensName,
    keys: {
      encryptionKeyPair: pairOf(keys.encryptionKeyPair),
      signingKeyPair: pairOf(keys.signingKeyPair),
    },
    signed: signedUserProfile,
  };
}

const ACCOUNTS: Accounts = { sender: accountOf("alice"), receiver: accountOf("bob") };

export function recordAt(url: string): FoundRelayNode {
  return {
    ...{ status: "found", name: relayNode.ensName, sentence: "Found.", namedBy: "registry" },
    ...{ source: { kind: "text-record" } as never, resolver: `0x${"11".repeat(20)}` },
    ...{ checks: [], expiresAt: null },
    profile: { ...relayNode.profile, url },
  };
}

export function examineWithAccounts(url: string, record = recordAt(url)): Promise<Line[]> {
  return examineRelayNode(url, { accounts: ACCOUNTS, record, allowLoopback: true });
}

/** Those that are not in order, as "id status". */
export function blemishesOf(lines: readonly Line[]): readonly string[] {
  return lines
    .filter(({ status }) => status === "failed" || status === "warning")
    .map(({ id, status }) => `${id} ${status}`);
}
