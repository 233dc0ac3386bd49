/** The domains above a sender's name: who pays for them, and what a receiver may have blocked. */
import { parentName } from "../ens/hierarchy.js";

/**
 * The domain that somebody pays for, with all that lies below it: `*.example.eth` of example.eth and a.b.example.eth. A
 * resolver for wildcards makes endless names below one, and each of them is valid.
 */
export function domainOfSender(name: string): string {
  let domain = name;
  for (let above = parentName(domain); above?.includes("."); above = parentName(domain)) {
    domain = above;
  }
  return `*.${domain}`;
}

/** `*.<domain>` of the name itself and of each domain above it: what a receiver may have blocked. */
export function wildcardsOver(name: string): readonly string[] {
  const above = parentName(name);
  return [`*.${name}`, ...(above === null ? [] : wildcardsOver(above))];
}
