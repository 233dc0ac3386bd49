/** What a domain is imported into. */
import type { RegistryStores } from "../../registry/store.js";
import type { ImportStore } from "../importPort.js";

export interface DomainImport {
  readonly registry: RegistryStores;
  readonly store: Pick<ImportStore, "takesFromAnother">;
  /** Of the domain, if it has to be made: shown by the caller, once. */
  readonly newApiKey: string;
  /** Told at once when the domain was made: nobody knows its key yet. */
  readonly onNewDomain: (domain: string) => void;
  readonly dryRun: boolean;
}
