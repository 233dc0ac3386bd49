import type { PublishedNames } from "../chain/hiddenNames.js";

/** Of the installation in this folder, if it serves the domain. Its database is loaded only when that is asked. */
export async function publishedNames(domain: string): Promise<PublishedNames> {
  const installation = await import("../capabilities/registry/publishedNames.js");
  return await installation.publishedNames(domain);
}
