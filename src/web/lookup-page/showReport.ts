/** What a lookup came to, as elements: the verdict, the profile, relay nodes, checks, and who was asked. */
import {
  CHECKS,
  type FoundProfile,
  type PassedCheck,
  type ProfileOutcome,
} from "../../sdk/index.js";
import { element } from "../page-parts/dom.js";
import { code, copied, facts, section } from "../page-parts/facts.js";
import type { Report } from "./lookUp.js";
import type { SignedBeside } from "./lookUpSigned.js";
import { showAsked } from "./showAsked.js";
import { showRelayNodes } from "./showRelayNodes.js";
import { proofAndRole, showCertificate, showOwn } from "./showSigned.js";

export const VERDICTS: Readonly<Record<ProfileOutcome["status"], string>> = {
  found: "Found and verified",
  absent: "No profile",
  unreachable: "Could not find out",
  untrusted: "Do not trust this",
};

const MARKS: Readonly<Record<ProfileOutcome["status"], string>> = {
  found: "✓",
  absent: "–",
  unreachable: "?",
  untrusted: "✕",
};

const SOURCES: Readonly<Record<FoundProfile["source"], string>> = {
  data: "in the name’s own record",
  https: "on a web server, by the hash in the record",
  ipfs: "on IPFS, by the CID in the record",
};

/** @param advice what the browser knows of servers that did not answer */
export function showReport(report: Report, advice: readonly string[]): readonly HTMLElement[] {
  const { outcome, signed } = report;
  return [
    verdict(outcome, advice),
    ...(outcome.status === "found"
      ? [profileOf(outcome), showRelayNodes(outcome, proofsIn(signed))]
      : []),
    ...showCertificate(signed.certificate),
    ...showOwn(signed),
    ...(outcome.status === "untrusted" ? [failedCheck(outcome.check)] : []),
    showAsked(report),
    ...(outcome.status === "found" ? [checksOf(outcome)] : []),
    asJson(outcome),
  ];
}

const proofsIn =
  ({ relayNodes }: SignedBeside) =>
  (name: string) => {
    const known = relayNodes.get(name);
    return known === undefined ? [] : proofAndRole(known);
  };

function verdict(outcome: ProfileOutcome, advice: readonly string[]): HTMLElement {
  const { status, name, sentence } = outcome;
  return element(
    "div",
    { class: "verdict", "data-status": status },
    element("span", { class: "mark", "aria-hidden": "true" }, MARKS[status]),
    element(
      "div",
      {},
      element("h2", {}, VERDICTS[status]),
      element("p", { class: "name" }, element("bdi", {}, name)),
      element("p", {}, sentence),
      ...advice.map((one) => element("p", { class: "advice" }, one)),
    ),
  );
}

function profileOf({ address, profile, source, expiresAt }: FoundProfile): HTMLElement {
  return section(
    "Profile",
    facts([
      ["Wallet", copied("wallet address", address)],
      ["Encryption key", copied("encryption key", profile.publicEncryptionKey)],
      ["Signing key", copied("signing key", profile.publicSigningKey)],
      ["Stored", SOURCES[source]],
      [
        "Valid until",
        expiresAt === null ? "no answer says; look again before you rely on it" : time(expiresAt),
      ],
    ]),
  );
}

function time(iso: string): HTMLElement {
  const text = new Date(iso).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "long" });
  return element("time", { datetime: iso }, text);
}

function failedCheck(check: keyof typeof CHECKS): HTMLElement {
  return section(
    "Check that failed",
    element(
      "ul",
      { class: "checks" },
      element(
        "li",
        { "data-passed": "false" },
        element("p", { class: "claim" }, sentenceOf(CHECKS[check]), " ", code(check)),
      ),
    ),
  );
}

function checksOf({ checks }: FoundProfile): HTMLElement {
  return section(
    "Checks",
    element("p", { class: "hint" }, "Each was made in your browser, in this order, and passed."),
    checkList(checks),
  );
}

/** The same check of the same thing, as for address and profile by one gateway, is told once. */
function checkList(checks: readonly PassedCheck[]): HTMLElement {
  const times = new Map<string, { readonly passed: PassedCheck; count: number }>();
  for (const passed of checks) {
    const key = `${passed.check} ${passed.detail}`;
    const known = times.get(key);
    if (known === undefined) times.set(key, { passed, count: 1 });
    else known.count++;
  }
  return element(
    "ul",
    { class: "checks" },
    ...[...times.values()].map(({ passed: { check, detail }, count }) =>
      element(
        "li",
        { "data-passed": "true" },
        element("p", { class: "claim" }, sentenceOf(CHECKS[check]), " ", code(check)),
        element("p", { class: "detail" }, count === 1 ? detail : `${detail} (${count} times)`),
      ),
    ),
  );
}

const sentenceOf = (claim: string) => `${claim.charAt(0).toUpperCase()}${claim.slice(1)}.`;

function asJson(outcome: ProfileOutcome): HTMLElement {
  return element(
    "details",
    { class: "json" },
    element("summary", {}, "As JSON, as the SDK returns it"),
    element("pre", { tabindex: "0" }, JSON.stringify(outcome, null, 2)),
  );
}
