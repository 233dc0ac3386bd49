/** DNS as the checks of one mail may use it: so many questions, so long, and no keys of domains that prove nothing. */
import { within } from "../fetch/within.js";

/** As `resolve` of `node:dns/promises`; rejects with its codes. */
export type ResolveDns = (name: string, type: string) => Promise<unknown>;

/** In ms. */
const LONGEST_QUESTION = 3_000;
/** Keys, policies and SPF's own ten take fewer. */
const MOST_QUESTIONS = 60;

export interface BoundedDns {
  readonly resolve: ResolveDns;
  /** Whether a question stayed without an answer. */
  readonly hasFailed: () => boolean;
}

/**
 * @param fromDomain of the author: keys of domains without a common parent are not looked up, but "not found", since fifty
 *   foreign signatures would cost fifty questions
 */
export function boundedDns(resolve: ResolveDns, fromDomain: string): BoundedDns {
  let asked = 0;
  let failed = false;

  async function ask(name: string, type: string): Promise<unknown> {
    if (isForeignKey(name, fromDomain)) throw dnsError("ENOTFOUND", name);
    if (++asked > MOST_QUESTIONS) throw dnsError("ETIMEOUT", name);
    return within(LONGEST_QUESTION, resolve(name, type), () => {
      throw dnsError("ETIMEOUT", name);
    });
  }

  return {
    resolve: async (name, type) => {
      try {
        return await ask(name, type);
      } catch (error) {
        if (!isAbsence(error)) failed = true;
        throw error;
      }
    },
    hasFailed: () => failed,
  };
}

/** Whether the server said that there is no such record; everything else is "could not find out". */
export function isAbsence(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return code === "ENOTFOUND" || code === "ENODATA" || code === "EBADNAME";
}

function isForeignKey(name: string, fromDomain: string): boolean {
  const [, signer] = /\._domainkey\.(.+)$/i.exec(name) ?? [];
  if (signer === undefined) return false;
  const parent = (domain: string) => domain.toLowerCase().split(".").slice(-2).join(".");
  return parent(signer) !== parent(fromDomain);
}

function dnsError(code: string, name: string): Error {
  return Object.assign(new Error(`${code} ${name}`), { code });
}
