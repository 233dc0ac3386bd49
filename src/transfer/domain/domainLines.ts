/** The lines of an export that are about its domain, each kind as often as it may be. */
import type { LineOf } from "../form/exportLine.js";
import { malformed } from "../form/readLine.js";

export interface DomainLines {
  readonly domain: LineOf<"domain">;
  readonly aliases: readonly LineOf<"alias">[];
  readonly resolvers: readonly LineOf<"resolver">[];
  readonly reservations: readonly LineOf<"reservation">[];
  readonly source: LineOf<"source"> | null;
}

/** The lines of a domain, each kind as often as it may be. Throws EXPORT_MALFORMED. */
export function domainLinesOf(
  domain: string,
  lines: readonly { readonly line: { readonly kind: string }; readonly number: number }[],
): DomainLines {
  const of = <Kind extends keyof LinesByKind>(kind: Kind) =>
    lines.flatMap(({ line }) => (line.kind === kind ? [line as LinesByKind[Kind]] : []));
  const [own, ...more] = of("domain");
  if (own === undefined || more.length > 0 || own.name !== domain) {
    throw malformed(2, `one line about the domain ${domain} was expected behind the first line.`);
  }
  const [source = null] = of("source");
  return {
    ...{ domain: own, source },
    aliases: of("alias"),
    resolvers: of("resolver"),
    reservations: of("reservation"),
  };
}

interface LinesByKind {
  readonly domain: LineOf<"domain">;
  readonly alias: LineOf<"alias">;
  readonly resolver: LineOf<"resolver">;
  readonly reservation: LineOf<"reservation">;
  readonly source: LineOf<"source">;
}
