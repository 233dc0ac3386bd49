/** An HTTP endpoint of the service: where it is, and by which key it knows that it is us who ask. docs/source-http.md describes it. */
import { z } from "zod";

const LONGEST_ENDPOINT = 1_024;

/** What is wrong with the text of an endpoint; null: nothing that shows without asking DNS. */
function wrongOf(text: string): string | null {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url?.protocol !== "https:" && url?.protocol !== "http:") {
    return "must be a URL such as https://users.example.com/signpost";
  }
  if (url.username !== "" || url.password !== "") {
    return "must have no user name or password; questions are signed instead";
  }
  // the parser drops an empty one
  if (/[?#]/.test(text)) {
    return "must have no query and no fragment; the label is the end of its path";
  }
  return null;
}

const endpoint = z
  .string()
  .max(LONGEST_ENDPOINT)
  .superRefine((text, context) => {
    const wrong = wrongOf(text);
    if (wrong !== null) context.addIssue({ code: "custom", message: wrong });
  });

/** What the service is given (RFC 8037). Not secret. */
const publicKey = z.strictObject({
  kty: z.literal("OKP"),
  crv: z.literal("Ed25519"),
  /** 32 bytes in base64url. */
  x: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
  /** RFC 7638: SHA-256 of the key's thumbprint, in base64url. */
  kid: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
});

export const httpSettings = z
  .strictObject({
    kind: z.literal("http"),
    endpoint,
    /** The private network, as 10.1.0.0/16, that the host may lie in; null: public addresses only. */
    network: z.string().max(64).nullable().default(null),
    publicKey,
  })
  .refine(
    ({ endpoint: text, network }) => network !== null || !/^http:/i.test(text),
    "http: is for a private network alone, which must be named; elsewhere use https:",
  );

export type HttpSettings = z.infer<typeof httpSettings>;
export type PublicKeyJwk = HttpSettings["publicKey"];
