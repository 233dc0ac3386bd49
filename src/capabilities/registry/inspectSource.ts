/** A look at a source before a domain depends on it, and with each test: a case for each kind. */
import { lookupIn } from "../../net/lookupIn.js";
import type { DomainSource } from "../../registry/domains/domain.js";
import type { HttpSettings } from "../../registry/sources/httpSettings.js";
import type { SourceSettings } from "../../registry/sources/sourceSettings.js";
import { checkEndpoint, type EndpointFinding } from "../../source-http/endpointCheck.js";
import { inspect, type Inspection } from "../../source-postgres/inspect.js";
import { openHttpSource } from "./openHttpSource.js";

/** Throws SOURCE_UNAVAILABLE when it cannot be asked; INVALID_CONFIGURATION and FORBIDDEN_ADDRESS as `openSource`. */
export async function inspectSource(
  { id, domain }: DomainSource,
  settings: SourceSettings,
  secret: string | null,
): Promise<Inspection> {
  switch (settings.kind) {
    case "postgres": {
      const lookup = lookupIn(settings.network);
      return await inspect({ id, domain, settings, lookup, password: secret ?? "" });
    }
    case "http":
      return await inspectEndpoint({ id, domain }, settings, secret ?? "");
  }
}

async function inspectEndpoint(
  source: DomainSource,
  settings: HttpSettings,
  signingKey: string,
): Promise<Inspection> {
  const opened = openHttpSource(source, settings, signingKey, Date.now);
  try {
    const findings = await checkEndpoint(opened);
    return { faults: [], warnings: findings.map((finding) => SENTENCES[finding]) };
  } finally {
    await opened.close();
  }
}

const SENTENCES: Readonly<Record<EndpointFinding, string>> = {
  UNSIGNED_ANSWERED:
    "The endpoint answers whoever asks without our signature; let it verify that, as docs/source-http.md shows.",
  EVERYBODY_EXISTS:
    "The endpoint says yes of a user that we made up; let it say no as docs/source-http.md shows, with status 404.",
};
