/** Watched parts: the signer and the stores as they are, with somebody told when they begin and end. */
import type { GatewaySigner } from "../gateway/gatewaySigner.js";
import type { DomainStore, NameStore, RecordSource } from "../registry/store.js";

/**
 * Told when a piece of work begins; what it returns is told when that ends, with what it failed by, or undefined.
 * `work` comes from a closed list.
 */
export type WorkObserver = (work: string) => (failure: unknown) => void;

/** Tells both. */
export function eachObserver(first: WorkObserver, second: WorkObserver | null): WorkObserver {
  if (second === null) return first;
  return (work) => {
    const endFirst = first(work);
    const endSecond = second(work);
    return (failure) => {
      endFirst(failure);
      endSecond(failure);
    };
  };
}

export function watchedSigner(signer: GatewaySigner, observer: WorkObserver): GatewaySigner {
  return {
    // a signer that can be switched changes its address
    get address() {
      return signer.address;
    },
    signDigest: (digest) => watch(observer, "sign", () => signer.signDigest(digest)),
  };
}

export function watchedRecords(records: RecordSource, observer: WorkObserver): RecordSource {
  return {
    recordsOf: (node) => watch(observer, "look_up", () => records.recordsOf(node)),
    servedResolvers: () => watch(observer, "served_resolvers", () => records.servedResolvers()),
  };
}

export function watchedNames(names: NameStore, observer: WorkObserver): NameStore {
  return {
    nameOf: (node) => watch(observer, "read_name", () => names.nameOf(node)),
    changeName: (node, change) =>
      watch(observer, "change_name", () => names.changeName(node, change)),
  };
}

export function watchedDomains(domains: DomainStore, observer: WorkObserver): DomainStore {
  return {
    addDomain: (resolver, hash) =>
      watch(observer, "add_domain", () => domains.addDomain(resolver, hash)),
    connectResolver: (resolver) =>
      watch(observer, "connect_resolver", () => domains.connectResolver(resolver)),
    setApiKeyHash: (domain, hash) =>
      watch(observer, "set_api_key", () => domains.setApiKeyHash(domain, hash)),
    domainOfApiKey: (hash) => watch(observer, "check_api_key", () => domains.domainOfApiKey(hash)),
    domains: () => watch(observer, "list_domains", () => domains.domains()),
    domainHolding: (name) => watch(observer, "find_domain", () => domains.domainHolding(name)),
  };
}

/** A signer whose key is in our memory answers at once, every other part with a promise; both stay what they are. */
function watch<Answer>(observer: WorkObserver, work: string, ask: () => Answer): Answer {
  const end = observer(work);
  try {
    const answer = ask();
    if (answer instanceof Promise) {
      answer.then(() => {
        end(undefined);
      }, end);
    } else {
      end(undefined);
    }
    return answer;
  } catch (failure) {
    end(failure);
    throw failure;
  }
}
