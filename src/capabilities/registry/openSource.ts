/** A source by its settings: a line for each kind. */
import { lookupIn } from "../../net/lookupIn.js";
import type { DomainSource } from "../../registry/domains/domain.js";
import type { ListedSource } from "../../registry/sources/source.js";
import type { SourceSettings } from "../../registry/sources/sourceSettings.js";
import { openPostgresSource } from "../../source-postgres/openPostgresSource.js";

/** @param secret what it is asked with; null without one */
export function openSource(
  { id, domain }: DomainSource,
  settings: SourceSettings,
  secret: string | null,
): ListedSource {
  const lookup = lookupIn(settings.network);
  return openPostgresSource({ id, domain, settings, password: secret ?? "", lookup });
}
