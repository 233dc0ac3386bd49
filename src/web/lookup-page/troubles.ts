/** Why a server could not be asked, where the browser knows more of it than `fetch` tells. */
import { isSignpostError } from "../../sdk/index.js";
import { parsedUrl } from "../page-parts/dom.js";
import type { Report } from "./lookUp.js";
import { hostOf, isLoopback } from "./settings.js";

/** Notes what this page's Content-Security-Policy stops, from now on. */
export function watchPolicy(): { readonly blocked: Set<string>; clear(): void } {
  const blocked = new Set<string>();
  document.addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI }) => {
    if (effectiveDirective === "connect-src") blocked.add(hostOf(blockedURI));
  });
  return {
    blocked,
    clear: () => {
      blocked.clear();
    },
  };
}

const REPORTED_WITHIN_MS = 50;

/** One sentence for each server that was asked in vain and of which something is known. */
export async function troubles(
  { servers, settings, chainId }: Report,
  blocked: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const silent = servers
    .filter(({ answers }) => answers.every((status) => status === null))
    .map(({ origin }) => origin);
  const node = settings.via === "rpc" && chainId === null ? [hostOf(settings.rpc)] : [];
  const all = [...new Set([...node, ...silent, ...blocked])];
  const sentences = await Promise.all(all.map((origin) => troubleOf(origin, blocked, signal)));
  return sentences.filter((sentence) => sentence !== null);
}

async function troubleOf(
  origin: string,
  blocked: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<string | null> {
  // its report comes a moment after the request has failed
  await new Promise((resolve) => setTimeout(resolve, REPORTED_WITHIN_MS));
  if (blocked.has(origin)) {
    return `This page may not ask ${origin}: its security policy allows https: URLs and this computer only.`;
  }
  const permission = await localPermission(origin);
  if (permission !== null) return permission;
  if (await answersAtAll(origin, signal)) {
    return `${origin} is there, but does not let web pages read its answers (CORS). Its operator has to allow that.`;
  }
  return `Nothing answered at ${origin}: it is down, or the network or an extension of this browser is in the way.`;
}

/** Browsers ask before a page from elsewhere reaches this computer, and send nothing until then. */
async function localPermission(origin: string): Promise<string | null> {
  const host = parsedUrl(origin)?.hostname ?? "";
  if (!isLoopback(host) || isLoopback(location.hostname)) return null;
  for (const name of ["loopback-network", "local-network-access"]) {
    try {
      const { state } = await navigator.permissions.query({ name: name as PermissionName });
      if (state !== "granted") {
        return `${origin} is on this computer, and this browser has not allowed this page to reach this computer. Allow it beside the address bar, see that it runs, then look again.`;
      }
    } catch {
      // this browser has no such permission
    }
  }
  return null;
}

const LONGEST_PROBE_MS = 3_000;

/** Whether anything answers, even if this page may not read what. */
async function answersAtAll(origin: string, signal: AbortSignal): Promise<boolean> {
  if (!/^https?:/.test(origin)) return false;
  const gaveUp = new AbortController();
  const timer = setTimeout(() => {
    gaveUp.abort();
  }, LONGEST_PROBE_MS);
  const stop = () => {
    gaveUp.abort();
  };
  signal.addEventListener("abort", stop);
  try {
    await fetch(origin, {
      mode: "no-cors",
      credentials: "omit",
      referrerPolicy: "no-referrer",
      signal: gaveUp.signal,
    });
    return true;
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", stop);
  }
}

/** A sentence for an error that nobody foresaw. */
export function defectText(error: unknown): string {
  const reason = error instanceof Error ? error.message : String(error);
  return isSignpostError(error) ? reason : `This page failed: ${reason}`;
}
