/** `signpost domain policy`: who may publish under a domain by themselves, who owns it, and whether that wallet signs in. */
import { type Command, Option } from "commander";
import { type Address, checksumAddress, parseAddress } from "../../../ens/address.js";
import { assertNormalized, normalizeName } from "../../../ens/normalize.js";
import { SignpostError } from "../../../errors.js";
import type { Domain } from "../../../registry/domains/domain.js";
import type { DomainPolicy } from "../../../registry/domains/domainPolicy.js";
import { noSuchDomain } from "../../../registry/domains/noSuchDomain.js";
import type { DomainStore } from "../../../registry/store.js";
import { print } from "../../../terminal/print.js";
import { lookIntoInstallation, withInstallation } from "./installation.js";

type Switch = "on" | "off";

interface PolicyFlags {
  readonly claims?: DomainPolicy["claims"];
  readonly addressNames?: Switch;
  readonly aliases?: Switch;
  readonly reservedLabels?: string;
  readonly owner?: string;
  readonly signIn?: Switch;
  readonly json?: true;
}

const MOST_LABELS = 10_000;

export function policyCommand(domain: Command): void {
  domain
    .command("policy")
    .description(
      "show, and change, what wallets may do: under a domain by themselves, and as its owner",
    )
    .argument("<name>", "the domain")
    .addOption(
      new Option("--claims <who>", "who takes free labels").choices(["service", "wallets"]),
    )
    .addOption(
      new Option(
        "--address-names <on|off>",
        "a wallet may take the name made of its own address",
      ).choices(["on", "off"]),
    )
    .addOption(
      new Option("--aliases <on|off>", "a wallet may take more than one name beside that").choices([
        "on",
        "off",
      ]),
    )
    .option(
      "--reserved-labels <list>",
      "labels that no wallet takes, with commas; replaces the list",
    )
    .option(
      "--owner <address>",
      "the wallet of the service, or none; it can do what domain:admin does where --sign-in is on, and another one ends all sessions",
    )
    .addOption(
      new Option(
        "--sign-in <on|off>",
        "the owner's wallet signs in to this installation, which no export or mirror takes over; off ends all sessions",
      ).choices(["on", "off"]),
    )
    .option("--json", "print JSON")
    .action(async (name: string, flags: PolicyFlags) => {
      const normal = normalizeName(name);
      const policy = policyOf(flags);
      const changes = {
        ...(Object.keys(policy).length > 0 && { policy }),
        ...ownerOf(flags),
        ...(flags.signIn && { ownerSignsIn: flags.signIn === "on" }),
      };
      const changed =
        Object.keys(changes).length === 0
          ? await lookIntoInstallation(({ domains }) => domainNamed(domains, normal))
          : await withInstallation(({ domains }) => domains.changeDomain(normal, changes));
      print(flags, describe(changed), linesOf(changed));
    });
}

async function domainNamed(domains: Pick<DomainStore, "domains">, name: string): Promise<Domain> {
  const found = (await domains.domains()).find((domain) => domain.name === name);
  if (!found) throw noSuchDomain(name);
  return found;
}

function policyOf(flags: PolicyFlags): Partial<DomainPolicy> {
  const { claims, addressNames, aliases, reservedLabels } = flags;
  return {
    ...(claims && { claims }),
    ...(addressNames && { addressNames: addressNames === "on" }),
    ...(aliases && { aliases: aliases === "on" }),
    ...(reservedLabels !== undefined && { reservedLabels: labelsOf(reservedLabels) }),
  };
}

function labelsOf(list: string): readonly string[] {
  const labels = [...new Set(list.split(",").filter((label) => label !== ""))].sort();
  for (const label of labels) {
    assertNormalized(label);
    if (label.includes(".")) {
      throw new SignpostError(
        "INVALID_REQUEST",
        `${label} is more than one label; give admin, not admin.example.eth.`,
      );
    }
  }
  if (labels.length > MOST_LABELS) {
    throw new SignpostError("TOO_LARGE", `A domain reserves at most ${MOST_LABELS} labels.`);
  }
  return labels;
}

function ownerOf({ owner }: PolicyFlags): { owner?: Address | null } {
  if (owner === undefined) return {};
  return { owner: owner === "none" ? null : parseAddress(owner) };
}

function describe({ name, owner, ownerSignsIn, policy }: Domain) {
  return { domain: name, owner: owner && checksumAddress(owner), ownerSignsIn, ...policy };
}

function linesOf(domain: Domain): string[] {
  const { owner, ownerSignsIn, claims, addressNames, aliases, reservedLabels } = describe(domain);
  const takers =
    claims === "wallets" ? "any wallet that comes first" : "the service, for its users";
  return [
    domain.name,
    `  owner            ${owner ?? "none named"}`,
    `  owner signs in   ${ownerSignsIn ? "yes, here" : "no"}`,
    `  free labels      ${takers}`,
    `  address names    ${addressNames ? "yes" : "no"}`,
    `  aliases          ${aliases ? "yes" : "no"}`,
    `  reserved labels  ${reservedLabels.length > 0 ? reservedLabels.join(", ") : "none"}`,
  ];
}
