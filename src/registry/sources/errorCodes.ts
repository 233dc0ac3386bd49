/** The error code of a service's own data. */
export interface SourceErrors {
  /** A service's own data could not be asked: never "there is no such row". */
  SOURCE_UNAVAILABLE: {
    /** The source's id. */
    readonly source: string;
    readonly domain: string;
    /** Why, in a few words; never a value of the service's, nor a server's own text. */
    readonly reason: string;
  };
}

declare module "../../errors.js" {
  interface ErrorDetails extends SourceErrors {}
}
