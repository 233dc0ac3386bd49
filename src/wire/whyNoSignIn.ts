/** Why nobody signs in to a domain by a wallet: the service refuses with this sentence, and pages show it beside the domain. */

interface SigningIn {
  readonly domain: string;
  readonly owner: Uint8Array | string | null;
  /** Earlier versions do not say. */
  readonly ownerSignsIn?: boolean;
}

/** What to do stands in it as well. Null where the owner may sign in, and where a service does not say. */
export function whyNoSignIn({ domain, owner, ownerSignsIn }: SigningIn): string | null {
  if (ownerSignsIn === undefined) return null;
  if (owner === null) {
    return `The domain ${domain} has no owner here, so no wallet can sign in. Sign in by an API key, or ask the operator to name the owner (\`signpost domain policy ${domain} --owner <address> --sign-in on\`).`;
  }
  if (ownerSignsIn) return null;
  return `Signing in by a wallet is off for ${domain} here. Sign in by an API key, or ask the operator to switch it on (\`signpost domain policy ${domain} --sign-in on\`).`;
}
