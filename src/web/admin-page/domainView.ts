/** The domain itself: who owns it, what wallets may do, who answers for it, and whether it is changed here. */
import { type DomainAnswer, whyNoSignIn } from "../../sdk/index.js";
import { type Child, element } from "../page-parts/dom.js";
import { copied, facts } from "../page-parts/facts.js";
import { readPart } from "./readPart.js";
import type { Scene } from "./scene.js";
import { type Column, table } from "./table.js";
import { block, chip, foreign } from "./values.js";

export function domainView(scene: Scene): readonly HTMLElement[] {
  const { client, signal } = scene;
  const part = readPart(scene, "the domain", async () => {
    const domain = await client.domain({ signal });
    return [
      facts([...aboutOf(domain)]),
      block("What wallets may do", facts(policyOf(domain))),
      block("Resolvers", resolversOf(domain)),
      block("Aliases", aliasesOf(domain)),
    ];
  });
  return [part];
}

type Fact = readonly [string, Child];

function aboutOf(answer: DomainAnswer): readonly Fact[] {
  const { domain, owner, frozen } = answer;
  return [
    ["Name", foreign(domain)],
    ["Owner", owner === null ? "None" : copied("owner’s address", owner)],
    ["Owner signs in", signsIn(answer)],
    ["Changed here", changedHere(frozen)],
  ];
}

/** The service's own sentence, as it refuses a wallet. Earlier services do not say. */
function signsIn(answer: DomainAnswer): Child {
  if (answer.ownerSignsIn === undefined) return NOT_TOLD;
  const why = whyNoSignIn(answer);
  if (why === null) return element("span", {}, chip("good", "yes"), " By a wallet, on this page.");
  return element("span", {}, chip("plain", "no"), ` ${why}`);
}

const NOT_TOLD = "This service does not tell.";

/** Earlier services do not say. */
function changedHere(frozen: DomainAnswer["frozen"]): Child {
  if (frozen === undefined) return NOT_TOLD;
  if (frozen === null) return chip("good", "yes");
  const { to } = frozen;
  const where = to === null ? "It is frozen." : "It is frozen, and changed at ";
  return element(
    "span",
    {},
    chip("warning", "no"),
    ` ${where}`,
    ...(to === null ? [] : [foreign(to)]),
  );
}

function policyOf({ policy }: DomainAnswer): readonly Fact[] {
  const { claims, addressNames, aliases, reservedLabels } = policy;
  return [
    [
      "Claim names",
      claims === "wallets"
        ? "Yes: free labels go to whoever comes first."
        : "No: only the service makes names.",
    ],
    ["Names of their address", addressNames ? "Yes, each its own" : "No"],
    ["Several names", aliases ? "Yes" : "No: one for each wallet"],
    ["Reserved labels", reservedLabels.length === 0 ? "None" : foreign(reservedLabels.join(", "))],
  ];
}

type Resolver = DomainAnswer["resolvers"][number];

const RESOLVER_COLUMNS: readonly Column<Resolver>[] = [
  { heading: "Chain", cell: ({ chainId }) => chainId },
  { heading: "Resolver", cell: ({ resolver }) => copied("resolver’s address", resolver) },
];

function resolversOf({ resolvers }: DomainAnswer): HTMLElement {
  const none =
    "None: no client finds the domain’s names. The operator adds one by signpost domain connect.";
  if (resolvers.length === 0) return element("p", {}, none);
  const caption =
    resolvers.length === 1
      ? "1 resolver answers for it"
      : `${resolvers.length} resolvers answer for it`;
  return table(caption, RESOLVER_COLUMNS, resolvers);
}

function aliasesOf({ aliasDomains = [] }: DomainAnswer): HTMLElement {
  if (aliasDomains.length === 0) return element("p", {}, "None.");
  const sentence = "Lookups below them find the same records.";
  const names = aliasDomains.map((alias) => element("li", {}, foreign(alias)));
  return element(
    "div",
    {},
    element("p", {}, sentence),
    element("ul", { class: "plain-list" }, ...names),
  );
}
