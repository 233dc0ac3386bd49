/** What the person asks and whom: from the form, from a link, and kept in this browser. */
import { isWebUrl, parsedUrl } from "../page-parts/dom.js";

/** Texts as they stand in the form; empty where nothing is given. */
export interface Settings {
  readonly via: "rpc" | "wallet";
  /** URL of the RPC node. Often holds an API key. */
  readonly rpc: string;
  /** Which wallet was chosen of several: the reverse domain name of its maker (EIP-6963). */
  readonly wallet: string;
  readonly ensRegistry: string;
  /** An address; "none" to follow the registry alone. */
  readonly universalResolver: string;
  readonly allowLoopback: boolean;
}

/** What a link may say: `#name=…&rpc=…&ensRegistry=…&universalResolver=…`. */
export interface Link {
  readonly name: string;
  /** Whom to ask, where the link chooses that. */
  readonly chosen: Partial<Pick<Settings, "rpc" | "ensRegistry" | "universalResolver">>;
}

const CHOICES = ["rpc", "ensRegistry", "universalResolver"] as const;

export function readLink(hash: string): Link {
  const parameters = new URLSearchParams(hash.replace(/^#/, ""));
  const chosen: Record<string, string> = {};
  for (const choice of CHOICES) {
    const text = parameters.get(choice)?.trim() ?? "";
    if (text !== "") chosen[choice] = text;
  }
  return { name: parameters.get("name")?.trim() ?? "", chosen };
}

export function writeLink({ name, chosen }: Link): string {
  const parameters = new URLSearchParams({ name });
  for (const choice of CHOICES) {
    const text = chosen[choice] ?? "";
    if (text !== "") parameters.set(choice, text);
  }
  return `#${parameters.toString()}`;
}

/** A link to the same question. An RPC URL may hold a key, so it is left out unless `withRpc` says otherwise. */
export function linkFor(name: string, settings: Settings, withRpc: boolean): Link {
  const { rpc, via, ensRegistry, universalResolver } = settings;
  const shownRpc = withRpc && via === "rpc" ? { rpc } : {};
  return { name, chosen: { ...shownRpc, ensRegistry, universalResolver } };
}

/** Whom a link wants to be asked, as far as the form still says so and the person's own settings do not. */
export function foreignChoices(
  { chosen }: Link,
  own: Settings,
  inForm: Settings,
): readonly (keyof Link["chosen"])[] {
  return CHOICES.filter((choice) => {
    const wanted = chosen[choice];
    return wanted !== undefined && wanted === inForm[choice] && wanted !== own[choice];
  });
}

/** The person's settings with what the link chose in their place. */
export function withChosen(own: Settings, { chosen }: Link): Settings {
  return { ...own, ...(chosen.rpc !== undefined && { via: "rpc" }), ...chosen };
}

/** What is kept for the next time: what a link chose is not the person's own choice. */
export function ownAfter(asked: Settings, own: Settings, { chosen }: Link): Settings {
  const ownText = (choice: keyof Link["chosen"]) =>
    asked[choice] !== "" && asked[choice] === chosen[choice] ? own[choice] : asked[choice];
  return {
    via: chosen.rpc !== undefined && asked.rpc === chosen.rpc ? own.via : asked.via,
    rpc: ownText("rpc"),
    wallet: asked.wallet,
    ensRegistry: ownText("ensRegistry"),
    universalResolver: ownText("universalResolver"),
    allowLoopback: asked.allowLoopback,
  };
}

const KEY = "signpost.lookup-page";

export function defaultSettings(page: Location): Settings {
  return {
    via: "rpc",
    ...{ rpc: "", wallet: "", ensRegistry: "", universalResolver: "" },
    allowLoopback: isLoopback(page.hostname),
  };
}

export function readOwn(storage: Storage | null, defaults: Settings): Settings {
  try {
    const kept = JSON.parse(storage?.getItem(KEY) ?? "{}") as Partial<Settings>;
    return {
      via: kept.via === "wallet" ? "wallet" : "rpc",
      rpc: textOf(kept.rpc),
      wallet: textOf(kept.wallet),
      ensRegistry: textOf(kept.ensRegistry),
      universalResolver: textOf(kept.universalResolver),
      allowLoopback:
        typeof kept.allowLoopback === "boolean" ? kept.allowLoopback : defaults.allowLoopback,
    };
  } catch {
    return defaults;
  }
}

export function keepOwn(storage: Storage | null, own: Settings): void {
  try {
    storage?.setItem(KEY, JSON.stringify(own));
  } catch {
    // a browser that keeps nothing asks again next time
  }
}

const textOf = (kept: unknown) => (typeof kept === "string" ? kept : "");

/** What stands in the way of asking; null for nothing. */
export function rpcProblem({ via, rpc }: Settings): string | null {
  if (via === "wallet") return null;
  if (rpc === "") return "Give the URL of an RPC node, or choose this browser’s wallet.";
  if (!isWebUrl(rpc)) return "This is not the URL of an RPC node; it begins with https://.";
  return null;
}

export function isLoopback(host: string): boolean {
  return /^(localhost|.*\.localhost|127(\.\d+){3}|\[::1\])$/.test(host);
}

/** Of a URL that may hold a key: only whose it is. */
export function hostOf(url: string): string {
  return parsedUrl(url)?.origin ?? "an unreadable URL";
}
