import pc from "picocolors";
import type {
  FoundProfile,
  KnownRelayNode,
  KnownRelayNodeOutcome,
  ProfileOutcome,
  RelayNodeOutcome,
} from "../sdk/node.js";

const NAMED_BY: Readonly<Record<FoundProfile["namedBy"], string>> = {
  "universal-resolver": "the UniversalResolver",
  registry: "the registry of ENSv1",
};

type AnyOutcome = ProfileOutcome | KnownRelayNodeOutcome;

/** An outcome for a terminal. */
export function outcomeText(outcome: AnyOutcome): string {
  return [heading(outcome), "", ...details(outcome)].join("\n").trimEnd();
}

function heading({ status, sentence }: AnyOutcome): string {
  const color = { found: pc.green, absent: pc.yellow, unreachable: pc.red, untrusted: pc.red };
  return `${color[status](status)}  ${sentence}`;
}

function details(outcome: AnyOutcome): string[] {
  switch (outcome.status) {
    case "found":
      return "address" in outcome ? profileLines(outcome) : relayNodeLines(outcome);
    case "absent":
      return [];
    case "unreachable":
      // the sentence tells already of a single one
      if (outcome.unreachable.length === 1) return [];
      return outcome.unreachable.map(({ who, reason }) => `  ${pc.red("x")} ${who}: ${reason}`);
    case "untrusted":
      return [`  ${pc.red("x")} ${outcome.check}`];
  }
}

function profileLines(found: FoundProfile): string[] {
  return [
    ...fields([
      ["name", found.name],
      ["address", found.address],
      ["publicEncryptionKey", found.profile.publicEncryptionKey],
      ["publicSigningKey", found.profile.publicSigningKey],
      ["resolver", `${found.resolver} (named by ${NAMED_BY[found.namedBy]})`],
    ]),
    "",
    "  relay nodes",
    ...found.relayNodes.map((node) => `    ${relayNodeLine(node)}`),
    "",
    ...checkLines(found),
  ];
}

function relayNodeLine(node: RelayNodeOutcome): string {
  return node.status === "found"
    ? `${pc.green("ok")} ${node.name}  ${node.profile.url}`
    : `${pc.red("x")} ${node.name}  ${node.status}: ${node.sentence}`;
}

function relayNodeLines(found: KnownRelayNode): string[] {
  return [
    ...fields([
      ["name", found.name],
      ["url", found.profile.url],
      ["proof", found.proof],
      ["role", found.network === null ? found.role : `${found.role} (${found.network})`],
      ["publicEncryptionKey", found.profile.publicEncryptionKey],
      ["publicSigningKey", found.profile.publicSigningKey],
      ["resolver", `${found.resolver} (named by ${NAMED_BY[found.namedBy]})`],
    ]),
    "",
    ...checkLines(found),
  ];
}

function checkLines({ checks }: FoundProfile | KnownRelayNode): string[] {
  return checks.map(({ check, detail }) => `  ${pc.green("ok")} ${check.padEnd(18)}${detail}`);
}

function fields(pairs: readonly (readonly [string, string])[]): string[] {
  return pairs.map(([name, value]) => `  ${name.padEnd(21)}${value}`);
}
